// SPDX-License-Identifier: MIT
#include "capture/guarded_source.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "base/abandonable_thread.hpp"
#include "base/attempt.hpp"
#include "base/log.hpp"
#include "capture/sink_gate.hpp"

namespace livepusher::capture {
namespace {

constexpr std::chrono::milliseconds kGuardedStopWait{700}, kInterruptWait{200};

/// A kind of source behind its guard. `Through`: the SinkThroughGate of its sink. `Started`: what start() answers with. `Wanted`:
/// what else it is told.
template <typename Source, typename Through, typename Started, typename... Wanted>
class Guarded final : public Source {
public:
    using Sink = typename Source::Sink;

    Guarded(std::string label, SourceMaker<Source> make) : label_(std::move(label)), make_(std::move(make)) {}
    ~Guarded() override { Guarded::stop(); }

    Result<Started> start(const Wanted&... wanted, Sink& sink) override {
        Guarded::stop();
        auto run = current();
        run->through.gate.open(sink);
        base::AbandonableThread thread;
        auto begun = thread.start("source", [run, wanted...] {
            auto answer = base::attempt([&] { return run->source->start(wanted..., run->through); });
            {
                std::lock_guard lock(run->mutex);
                run->answer.emplace(std::move(answer));
            }
            run->changed.notify_all();
        });
        if (!begun) {
            run->through.gate.close();
            return Error{Code::SourceFailed, label_ + ": " + begun.error().message};
        }
        std::unique_lock lock(run->mutex);
        run->changed.wait(lock, [&] { return run->answer || run->interrupted; });
        run->changed.wait_for(lock, kInterruptWait, [&] { return run->answer.has_value(); });
        auto answer = std::exchange(run->answer, std::nullopt);
        lock.unlock();
        if (!answer) {
            thread.leave();
            giveUp();
            return Error{Code::Cancelled, label_ + ": given up while it was being opened"};
        }
        thread.end(std::chrono::hours(1));  // has answered: it is about to end
        started_ = answer->has_value();
        if (!started_) run->through.gate.close();
        return std::move(*answer);
    }

    void stop() override {
        if (!std::exchange(started_, false)) return;
        auto run = current();
        run->through.gate.close();
        base::AbandonableThread thread;
        if (!thread.start("source", [run] { run->source->stop(); })) return run->source->stop();
        if (!thread.end(kGuardedStopWait)) giveUp();
    }

    void interrupt() override {
        std::shared_ptr<Run> run;
        {
            std::lock_guard lock(mutex_);
            interrupted_ = true;
            run = run_;
        }
        if (run) run->interrupt();
    }

private:
    /// All that a call needs that may outlive us.
    struct Run {
        explicit Run(std::unique_ptr<Source> made) : source(std::move(made)) {}
        void interrupt() {
            {
                std::lock_guard lock(mutex);
                interrupted = true;
            }
            changed.notify_all();
            source->interrupt();
        }

        Through through;
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<Result<Started>> answer;
        bool interrupted = false;
        std::unique_ptr<Source> source;  // last: its threads use what is above
    };

    std::shared_ptr<Run> current() {
        std::lock_guard lock(mutex_);
        if (!run_) {
            run_ = std::make_shared<Run>(make_());
            if (interrupted_) run_->interrupt();
        }
        return run_;
    }

    void giveUp() {
        base::log(LogLevel::Warning, label_ + ": the system does not answer; it is given up");
        std::lock_guard lock(mutex_);
        run_->through.gate.close();
        run_.reset();
    }

    const std::string label_;
    const SourceMaker<Source> make_;
    bool started_ = false;
    std::mutex mutex_;  ///< of what interrupt() reaches
    bool interrupted_ = false;
    std::shared_ptr<Run> run_;
};

struct AudioThroughGate final : SinkThroughGate<AudioSource::Sink> {
    void samples(const float* samples, std::size_t frames, Timestamp pts) override {
        gate.tell(&AudioSource::Sink::samples, samples, frames, pts);
    }
};

struct CodedThroughGate final : SinkThroughGate<CodedVideoSource::Sink> {
    void packet(Packet packet) override { gate.tell(&CodedVideoSource::Sink::packet, std::move(packet)); }
};

}  // namespace

std::unique_ptr<VideoSource> guarded(std::string label, SourceMaker<VideoSource> make) {
    return std::make_unique<Guarded<VideoSource, VideoThroughGate, VideoSourceFormat, WantedVideo>>(std::move(label),
                                                                                                    std::move(make));
}

std::unique_ptr<AudioSource> guarded(std::string label, SourceMaker<AudioSource> make) {
    return std::make_unique<Guarded<AudioSource, AudioThroughGate, void, WantedAudio>>(std::move(label), std::move(make));
}

std::unique_ptr<CodedVideoSource> guarded(std::string label, SourceMaker<CodedVideoSource> make) {
    return std::make_unique<Guarded<CodedVideoSource, CodedThroughGate, std::string>>(std::move(label), std::move(make));
}

}  // namespace livepusher::capture
