// SPDX-License-Identifier: MIT
#include "effects/audio/sound_chain.hpp"

#include <utility>

#include "effects/audio/ducking.hpp"
#include "effects/audio/gain.hpp"
#include "effects/audio/level_meter.hpp"
#include "effects/audio/limiter.hpp"
#include "effects/audio/rate_matcher.hpp"
#include "effects/audio/reverb.hpp"
#include "effects/audio/voice.hpp"
#include "effects/audio/voice_path.hpp"

namespace livepusher::effects {
namespace {

// How long a gain glides, in ms. A volume that is moved is to be heard moving; a mute is to be at once, and without a click.
constexpr int kVolumeGlide = 50, kMuteGlide = 10, kBackGlide = 60, kForthGlide = 400;
constexpr float kMixCeiling = 0.97F;  // of a mix: what a codec adds to a peak stays below full scale

class SoundChain final : public AudioChain {
public:
    explicit SoundChain(const AudioFormat& format)
        : format_(format),
          voice_(format, {.cleaner = makeCleaner, .voice = makeVoice, .reverb = makeReverb}),
          limiter_(format),
          meter_(format.blockSamples()) {}

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
