// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "effects/audio/limiter.hpp"
#include "effects/audio/rate_matcher.hpp"
#include "effects/audio/voice_path.hpp"
#include "effects/effects.hpp"

namespace livepusher::effects {
namespace {

// How long a gain glides, in ms. A volume that is moved is to be heard moving; a mute is to be at once, and without a click.
constexpr int kVolumeGlide = 50, kMuteGlide = 10, kBackGlide = 60, kForthGlide = 400;
constexpr float kMixCeiling = 0.97F;  // of a mix: what a codec adds to a peak stays below full scale

/// Decides how far music steps back while someone speaks. Pure: told the microphone's level for each piece of sound.
class Ducking {
public:
    static constexpr float kBack = 0.25F;        ///< the music's gain meanwhile: 12 dB less
    static constexpr double kSpeech = -40;       ///< dBFS, from here on it is speech
    static constexpr double kHoldSeconds = 0.4;  ///< pauses between words

    /// The gain to glide to.
    float follow(bool on, double level, double seconds) {
        silence_ = level >= kSpeech ? 0 : silence_ + seconds;
        return on && silence_ < kHoldSeconds ? kBack : 1.0F;
    }

private:
    double silence_ = kHoldSeconds;
};

/// A gain that glides: a change takes a given time, along a straight line. At rest at 1 samples stay as they are, to the bit.
class Gain {
public:
    explicit Gain(float value) : value_(value), target_(value) {}

    void glideTo(float target, std::size_t frames) {
        if (target == target_) return;
        target_ = target;
        left_ = std::max<std::size_t>(frames, 1);
        step_ = (target_ - value_) / static_cast<float>(left_);
    }
    float value() const { return value_; }

    void apply(std::span<float> samples, std::size_t channels) {
        std::size_t i = 0;
        for (; left_ > 0 && i < samples.size(); i += channels) {
            value_ = --left_ == 0 ? target_ : value_ + step_;
            for (auto& sample : samples.subspan(i, channels)) sample *= value_;
        }
        if (value_ == 1) return;
        for (auto& sample : samples.subspan(i)) sample *= value_;
    }

private:
    float value_, target_;
    float step_ = 0;
    std::size_t left_ = 0;  // frames
};

/// How loud a volume of 0..1 is: its square, so that halves sound like halves.
float gainOf(double volume) { return static_cast<float>(volume * volume); }

/// The loudness (RMS) of the last 100 ms.
class LevelMeter {
public:
    explicit LevelMeter(std::size_t blockSamples) : blockSamples_(blockSamples) {}

    /// [audio]
    void take(std::span<const float> samples) {
        for (const float sample : samples) {
            sum_ += static_cast<double>(sample) * static_cast<double>(sample);
            if (++count_ < blockSamples_) continue;
            energy_[next_++ % energy_.size()] = sum_ / static_cast<double>(count_);
            sum_ = 0;
            count_ = 0;
        }
        double mean = 0;
        for (const double energy : energy_) mean += energy / static_cast<double>(energy_.size());
        decibels_.store(mean > 0 ? 10 * std::log10(mean) : kSilence, std::memory_order_relaxed);
    }
    double decibels() const { return decibels_.load(std::memory_order_relaxed); }  ///< dBFS, -200: silence. [any-thread]
    /// 0..100: (dBFS + 60) / 60 of it. [any-thread]
    int percent() const { return static_cast<int>(std::lround(std::clamp((decibels() + 60) / 60 * 100, 0.0, 100.0))); }

private:
    static constexpr double kSilence = -200;

    const std::size_t blockSamples_;  // of 10 ms
    std::array<double, 10> energy_{};
    std::size_t next_ = 0, count_ = 0;
    double sum_ = 0;
    std::atomic<double> decibels_{kSilence};
};

class SoundChain final : public AudioChain {
public:
    explicit SoundChain(const AudioFormat& format)
        : format_(format), voice_(format), limiter_(format), meter_(format.blockSamples()) {}

    void apply(std::span<const float> samples, const AudioMix& mix, const Properties& properties,
               std::vector<float>& out) override {
        const auto before = out.size();
        voice_.apply(samples, properties, out);
        const auto ready = std::span(out).subspan(before);
        if (ready.empty()) return;
        glide(mix);
        volume_.apply(ready, channels());
        switch_.apply(ready, channels());
        meter_.take(ready);
        const bool music = addMusic(ready, mix, properties.bgmDucking);
        // What is neither mixed nor changed keeps its full scale, to the bit.
        limiter_.process(ready, music || !voice_.idle() ? kMixCeiling : 1.0F);
    }

    std::size_t delay() const override { return voice_.delay() + limiter_.delay(); }
    int microphoneLevel() const override { return meter_.percent(); }

private:
    std::size_t channels() const { return static_cast<std::size_t>(format_.channels); }
    std::size_t frames(int ms) const { return static_cast<std::size_t>(format_.sampleRate * ms / 1000); }

    void glide(const AudioMix& mix) {
        if (std::exchange(begun_, true)) {
            volume_.glideTo(gainOf(mix.microphoneVolume), frames(kVolumeGlide));
            switch_.glideTo(mix.microphoneOn ? 1.0F : 0.0F, frames(kMuteGlide));
            musicVolume_.glideTo(gainOf(mix.musicVolume), frames(kVolumeGlide));
        } else {  // nothing was heard yet
            volume_ = Gain(gainOf(mix.microphoneVolume));
            switch_ = Gain(mix.microphoneOn ? 1.0F : 0.0F);
            musicVolume_ = Gain(gainOf(mix.musicVolume));
        }
    }

    bool addMusic(std::span<float> samples, const AudioMix& mix, bool ducking) {
        const auto seconds = static_cast<double>(samples.size() / channels()) / format_.sampleRate;
        const float back = ducking_.follow(ducking, meter_.decibels(), seconds);
        music_.resize(samples.size());
        if (!mix.music || !mix.music->read(music_)) return false;
        duck_.glideTo(back, frames(back < duck_.value() ? kBackGlide : kForthGlide));
        musicVolume_.apply(music_, channels());
        duck_.apply(music_, channels());
        for (std::size_t i = 0; i < samples.size(); ++i) samples[i] += music_[i];
        return true;
    }

    const AudioFormat format_;
    VoicePath voice_;
    Limiter limiter_;
    LevelMeter meter_;
    Ducking ducking_;
    Gain volume_{1}, switch_{1}, musicVolume_{1}, duck_{1};
    std::vector<float> music_;
    bool begun_ = false;
};

}  // namespace

std::unique_ptr<AudioChain> makeAudioChain(AudioFormat format) { return std::make_unique<SoundChain>(format); }

std::unique_ptr<ClockMatcher> makeClockMatcher(AudioFormat format) { return std::make_unique<RateMatcher>(format); }

}  // namespace livepusher::effects
