// SPDX-License-Identifier: MIT
#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "av/resampler.hpp"
#include "capture/sink_gate.hpp"
#include "capture/sound/sound_mixer.hpp"
#include "capture/sound/sound_source.hpp"
#include "capture/source_makers.hpp"

namespace livepusher::capture {
namespace {

/// A microphone and what the machine plays as one. Either goes on without the other, which is told and looked for.
class MixedSource final : public AudioSource {
public:
    MixedSource(const Spec& first, const Spec& second) : sources_{SoundSource(first), SoundSource(second)} {}
    ~MixedSource() override { MixedSource::stop(); }

    Result<void> start(const WantedAudio& wanted, Sink& sink) override {
        MixedSource::stop();
        if (auto good = Resampler::check(wanted); !good) return good;
        mix_ = std::make_unique<Mix>(wanted);
        mix_->gate.open(sink);
        for (std::size_t i = 0; i < sources_.size(); ++i) sources_[i].begin(wanted, mix_->parts[i], true);
        const std::array<Result<void>, SoundMixer::kInputs> opened{sources_[0].opened(), sources_[1].opened()};
        if (opened[0] || opened[1]) {
            for (const auto& each : opened)
                if (!each) tell(each.error());
            return {};
        }
        MixedSource::stop();
        for (const auto& each : opened)
            if (each.error().code == Code::Cancelled || each.error().code == Code::MicrophoneDenied) return each;
        const auto& first = opened[0].error();
        return Error{first.code, first.message + "; " + opened[1].error().message, first.native};
    }

    void stop() override {
        if (mix_) mix_->gate.close();
        for (auto& source : sources_) source.stop();
        mix_.reset();
    }
    void interrupt() override {
        for (auto& source : sources_) source.interrupt();
    }
    void setRole(AudioVolumeType role) override {
        for (auto& source : sources_) source.setRole(role);
    }
    void setMicChannels(MicChannels channels) override {
        for (auto& source : sources_) source.setMicChannels(channels);
    }

private:
    struct Mix;

    /// What one of the two gives.
    struct Part final : Sink {
        Part(Mix& to, std::size_t number) : mix(to), input(number) {}
        void failed(Error why) override { mix.gate.failed(why); }
        void code(Code code, std::string what) override { mix.gate.tell(&Sink::code, code, std::move(what)); }
        void samples(const float* samples, std::size_t frames, Timestamp pts) override {
            mix.add(input, {samples, frames * mix.width}, pts);
        }
        Mix& mix;
        const std::size_t input;
    };

    struct Mix {
        explicit Mix(const WantedAudio& format) : width(static_cast<std::size_t>(format.channels)), mixer(format) {}

        void add(std::size_t input, std::span<const float> samples, Timestamp pts) {
            {
                std::lock_guard lock(mutex);
                mixer.add(input, samples, pts, now());
            }
            // The gate lets one in at a time, so that blocks come in their order.
            gate.call([&](Sink& sink) {
                while (const auto block = take()) sink.samples(block->samples.data(), block->samples.size() / width, block->pts);
            });
        }
        std::optional<SoundMixer::Block> take() {
            std::lock_guard lock(mutex);
            return mixer.take(now());
        }

        const std::size_t width;
        SinkGate<Sink> gate;
        std::mutex mutex;
        SoundMixer mixer;
        std::array<Part, SoundMixer::kInputs> parts{Part{*this, 0}, Part{*this, 1}};
    };

    void tell(const Error& error) {
        mix_->gate.tell(&Sink::code, error.code, error.message + "; it is looked for, the other goes on without it");
    }

    std::array<SoundSource, SoundMixer::kInputs> sources_;
    std::unique_ptr<Mix> mix_;
};

}  // namespace

std::unique_ptr<AudioSource> makeMicrophone(const Spec& spec) {
    if (spec.with.empty()) return std::make_unique<SoundSource>(spec);
    return std::make_unique<MixedSource>(spec, spec.with.front());
}

}  // namespace livepusher::capture
