// SPDX-License-Identifier: MIT
#include <soundtouch/SoundTouch.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "effects/audio/processor.hpp"

namespace livepusher::effects {
namespace {

// Short pieces: the delay of a live voice counts more than the smoothness of music.
constexpr int kSequenceMs = 20, kSeekMs = 10, kOverlapMs = 6;
constexpr int kPriming = 100;  // blocks, in which its output has once been about as far behind as it ever gets
constexpr long kSpare = 16;    // frames, for what rounding adds to that in the long run

class Pitch final : public AudioProcessor {
public:
    Pitch(double semitones, const AudioFormat& format)
        : frames_(static_cast<unsigned>(format.blockFrames())), channels_(static_cast<std::size_t>(format.channels)) {
        touch_.setSampleRate(static_cast<unsigned>(format.sampleRate));
        touch_.setChannels(static_cast<unsigned>(format.channels));
        touch_.setPitchSemiTones(semitones);
        touch_.setSetting(SETTING_SEQUENCE_MS, kSequenceMs);
        touch_.setSetting(SETTING_SEEKWINDOW_MS, kSeekMs);
        touch_.setSetting(SETTING_OVERLAP_MS, kOverlapMs);
        touch_.setSetting(SETTING_USE_QUICKSEEK, 1);
        prime(format, std::exp2(semitones / 12));
    }

    std::size_t delay() const override { return delay_; }

    void process(std::span<float> block) override {
        touch_.putSamples(block.data(), frames_);
        const auto silent = std::min<std::size_t>(silent_, frames_);
        std::fill_n(block.begin(), silent * channels_, 0.0F);
        silent_ -= silent;
        const auto wanted = static_cast<unsigned>(frames_ - silent);
        [[maybe_unused]] const auto got = touch_.receiveSamples(block.data() + silent * channels_, wanted);
        assert(got == wanted);
    }

private:
    /// It gives now more, now less than it was given, by a rhythm that depends on the pitch alone. Silence goes in until
    /// the rhythm is known; what has to be held so that a block always gets its block is the rhythm's worst case.
    void prime(const AudioFormat& format, double pitch) {
        std::vector<float> silence(format.blockSamples(), 0.0F);
        long in = 0, out = 0, behind = 0;
        for (int i = 0; i < kPriming; ++i) {
            touch_.putSamples(silence.data(), frames_);
            in += static_cast<long>(frames_);
            out += static_cast<long>(touch_.receiveSamples(static_cast<unsigned>(touch_.numSamples())));
            behind = std::max(behind, in - out);
        }
        const long held = behind + kSpare;
        silent_ = static_cast<std::size_t>(out - (in - held));
        // A piece begins where it should on average, and goes on at the sound's own pace rather than at the stretched
        // one: at its middle it is early (higher) or late (lower). And half its low-pass's length is not made up for.
        // Both are from how it works, and hold within a millisecond as measured.
        const double ms = format.sampleRate / 1000.0;
        const double early =
            pitch > 1 ? (1 - 1 / pitch) * 0.5 * (kSequenceMs + kOverlapMs) * ms : (pitch - 1) * 0.5 * kSequenceMs * ms;
        const double filter = 0.5 * touch_.getSetting(SETTING_AA_FILTER_LENGTH) / std::max(pitch, 1.0);
        delay_ = static_cast<std::size_t>(std::lround(static_cast<double>(held) - early + filter));
        for (int i = 0; i < kPriming; ++i) {  // from now on as it will be: its buffers grow to what they need
            std::fill(silence.begin(), silence.end(), 0.0F);
            process(silence);
        }
    }

    soundtouch::SoundTouch touch_;
    const unsigned frames_;
    const std::size_t channels_;
    std::size_t delay_ = 0;
    std::size_t silent_ = 0;  // frames of silence that still come out first
};

}  // namespace

std::unique_ptr<AudioProcessor> makePitch(double semitones, const AudioFormat& format) {
    return std::make_unique<Pitch>(semitones, format);
}

}  // namespace livepusher::effects
