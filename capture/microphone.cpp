// SPDX-License-Identifier: MIT
#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "capture/arrival_clock.hpp"
#include "capture/device_source.hpp"
#include "capture/device_thread.hpp"
#include "capture/devices.hpp"
#include "capture/resampler.hpp"
#include "capture/sink_gate.hpp"

namespace livepusher::capture {
namespace {

constexpr int kSoftness = 64;

struct Attempt {
    const char* format;
    std::string device;
    int channels;
};

class Microphone final : public AudioSource {
public:
    explicit Microphone(Spec spec) : spec_(std::move(spec)) {}
    ~Microphone() override { Microphone::stop(); }

    Result<void> start(const WantedAudio& wanted, Sink sink) override {
        Microphone::stop();
        if (auto good = Resampler::check(wanted); !good) return good;
        feed_ = std::make_shared<Feed>(wanted);
        feed_->gate.open(std::move(sink));
        std::optional<Error> failure;
        for (const auto& attempt : attempts(wanted)) {
            const auto failed = tryOpen(attempt, wanted);
            if (!failed) return {};
            if (failure && failure->message != failed->message) failure->message += "; " + failed->message;
            if (!failure || failed->code == Code::MicrophoneDenied || failed->code == Code::Cancelled) failure = failed;
            if (failed->code == Code::Cancelled) break;
        }
        Microphone::stop();
        return *failure;
    }

    void stop() override {
        if (feed_) feed_->gate.close();
        device_.stop();
        feed_.reset();
    }
    void interrupt() override { device_.interrupt(); }

private:
    /// Shared with the device's thread, which may outlive the source when a driver hangs.
    struct Feed {
        explicit Feed(const WantedAudio& format) : wanted(format), resampler(format) {}
        void take(AVFrame& frame, Timestamp moment) {
            const Timestamp length(static_cast<std::int64_t>(frame.nb_samples) * 1'000'000 / frame.sample_rate);
            // What a device tells is its block's beginning; an arrival is its end.
            const auto begin = std::min(moment, now() - length);
            const auto pts = clock.stamp(begin, length);
            if (!pts) return;
            const auto delay = resampler.delay();
            samples.clear();
            if (auto made = resampler.convert(frame, samples); !made) return gate.failed(made.error());
            if (samples.empty()) return;
            gate.call([&](Sink& sink) {
                if (sink.onSamples)
                    sink.onSamples(samples.data(), samples.size() / static_cast<std::size_t>(wanted.channels), *pts - delay);
            });
        }
        const WantedAudio wanted;
        SinkGate<Sink> gate;
        Resampler resampler;
        ArrivalClock clock{kSoftness};
        std::vector<float> samples;
    };

    /// A sound server knows names, ALSA devices are spelt in their own way.
    std::vector<Attempt> attempts(const WantedAudio& wanted) const {
        const auto& id = spec_.target;
        const auto alsa = id.empty() ? "default" : id;
        std::vector<Attempt> all;
        const bool card = id.find(':') != std::string::npos && id.find("hw:") != std::string::npos;
        if (!card) all.push_back({"pulse", id.empty() ? "default" : id, wanted.channels});
        if (id.empty() || card) {
            all.push_back({"alsa", alsa, wanted.channels});
            if (card) all.push_back({"alsa", alsa, wanted.channels == 1 ? 2 : 1});  // a card may have only the other
        }
        return all;
    }

    std::optional<Error> tryOpen(const Attempt& attempt, const WantedAudio& wanted) {
        auto format = deviceFormat(attempt.format);
        if (!format) return Error{Code::MicrophoneFailed, "microphone: " + format.error().message};
        DeviceInput input{.format = *format, .name = attempt.device, .title = "microphone " + attempt.device};
        input.options = {{"sample_rate", std::to_string(wanted.sampleRate)}, {"channels", std::to_string(attempt.channels)}};
        const bool pulse = std::string_view(attempt.format) == "pulse";
        if (pulse) {
            input.options["fragment_size"] = std::to_string(wanted.sampleRate / 100 * attempt.channels * 2);  // 10 ms of s16
            input.options["name"] = "livepusher";
        }
        const auto explain = [attempt, pulse](int error) { return describe(attempt.device, pulse, error); };
        input.onFrame = [feed = feed_](AVFrame& frame, Timestamp moment) { feed->take(frame, moment); };
        input.onError = [feed = feed_, explain](int error) { feed->gate.failed(explain(error)); };
        const auto opened = device_.start(std::move(input));
        if (opened.error < 0) return explain(opened.error);
        return std::nullopt;
    }

    static Error describe(const std::string& device, bool pulse, int error) {
        const auto name = "microphone \"" + device + "\": ";
        if (error == AVERROR(EACCES) || error == AVERROR(EPERM))
            return {Code::MicrophoneDenied,
                    name + (pulse ? "the sound server refuses access: check its cookie and PULSE_SERVER"
                                  : "access denied: put the user into the group \"audio\" (adduser NAME audio) and log in again"),
                    error};
        // The pulse input passes the server's own numbers on as if they were errno's.
        if (pulse && error == -5) return {Code::MicrophoneFailed, name + "the sound server has no such source", error};
        if (pulse && (error == -6 || error == -3))  // -3: not even a try at connecting could be made
            return {Code::MicrophoneFailed, name + "no sound server answers: start PulseAudio or PipeWire, or set PULSE_SERVER",
                    error};
        if (error == AVERROR_EXIT) return {Code::Cancelled, name + "given up while it was being opened", error};
        if (error == AVERROR_EXTERNAL)
            return {Code::MicrophoneFailed, name + "broke off: it or the sound server has gone", error};
        if (error == AVERROR(EBUSY)) return {Code::MicrophoneFailed, name + "is in use by another program", error};
        if (error == AVERROR(ENOENT) || error == AVERROR(ENODEV) || error == AVERROR(EIO))
            return {Code::MicrophoneFailed, name + "is not there; plug it in, or name another one", error};
        if (error == AVERROR(ETIMEDOUT)) return {Code::MicrophoneFailed, name + "does not answer", error};
        return {Code::MicrophoneFailed, name + avText(error), error};
    }

    const Spec spec_;
    std::shared_ptr<Feed> feed_;
    DeviceThread device_;
};

}  // namespace

std::unique_ptr<AudioSource> makeMicrophone(const Spec& spec) { return std::make_unique<Microphone>(spec); }

}  // namespace livepusher::capture
