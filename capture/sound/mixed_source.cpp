// SPDX-License-Identifier: MIT
#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "av/resampler.hpp"
#include "base/log.hpp"
#include "capture/sink_gate.hpp"
#include "capture/sound/sound.hpp"
#include "capture/sound/sound_mixer.hpp"
#include "capture/sound/sound_source.hpp"

namespace livepusher::capture {
namespace {

/// A microphone and what the machine plays as one. Either goes on without the other, which is told and looked for.
class MixedSource final : public AudioSource {
public:
    MixedSource(const Spec& first, const Spec& second) : sources_{SoundSource(first), SoundSource(second)} {}
    ~MixedSource() override { MixedSource::stop(); }

    Result<void> start(const WantedAudio& wanted, Sink sink) override {
        MixedSource::stop();
        if (auto good = Resampler::check(wanted); !good) return good;
        mix_ = std::make_shared<Mix>(wanted);
        mix_->gate.open(std::move(sink));
        for (std::size_t i = 0; i < sources_.size(); ++i) sources_[i].begin(wanted, part(i), true);
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
    /// Shared with the sources' threads, which may outlive this when a driver hangs.
    struct Mix {
        explicit Mix(const WantedAudio& format) : width(static_cast<std::size_t>(format.channels)), mixer(format) {}

        void add(std::size_t input, std::span<const float> samples, Timestamp pts) {
            {
                std::lock_guard lock(mutex);
                mixer.add(input, samples, pts, now());
            }
            // The gate lets one in at a time, so that blocks come in their order.
            gate.call([&](Sink& sink) {
                while (const auto block = take())
                    if (sink.onSamples) sink.onSamples(block->samples.data(), block->samples.size() / width, block->pts);
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
    };

    Sink part(std::size_t input) {
        Sink sink;
        sink.onError = [mix = mix_](const Error& error) { mix->gate.failed(error); };
        sink.onCode = [mix = mix_](Code code, const std::string& text) { mix->gate.tell(&Sink::onCode, code, text); };
        sink.onSamples = [mix = mix_, input](const float* samples, std::size_t frames, Timestamp pts) {
            mix->add(input, {samples, frames * mix->width}, pts);
        };
        return sink;
    }

    void tell(const Error& error) {
        mix_->gate.tell(&Sink::onCode, error.code, error.message + "; it is looked for, the other goes on without it");
    }

    std::array<SoundSource, SoundMixer::kInputs> sources_;
    std::shared_ptr<Mix> mix_;
};

}  // namespace

std::unique_ptr<AudioSource> makeMicrophone(const Spec& spec) {
    if (spec.with.empty()) return std::make_unique<SoundSource>(spec);
    return std::make_unique<MixedSource>(spec, spec.with.front());
}

}  // namespace livepusher::capture
