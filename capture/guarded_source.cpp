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

/// What the three kinds have in common. `Through`: the SinkThroughGate of its sink. `Started`: what start() answers with.
template <typename Source, typename Through, typename Started>
class Guard {
public:
    using Sink = typename Source::Sink;
    using Make = SourceMaker<Source>;

    Guard(std::string label, Make make) : label_(std::move(label)), make_(std::move(make)) {}
    ~Guard() { stop(); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

    /// `call` calls the source's own start() with `run.through`.
    template <typename Start>
    Result<Started> start(Sink& sink, Start call) {
        stop();
        auto run = current();
        run->through.gate.open(sink);
        base::AbandonableThread thread;
        auto begun = thread.start("source", [run, call = std::move(call)] {
            auto answer = base::attempt([&] { return call(*run); });
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

    void stop() {
        if (!std::exchange(started_, false)) return;
        auto run = current();
        run->through.gate.close();
        base::AbandonableThread thread;
        if (!thread.start("source", [run] { run->source->stop(); })) return run->source->stop();
        if (!thread.end(kGuardedStopWait)) giveUp();
    }

    void interrupt() {
        std::shared_ptr<Run> run;
        {
            std::lock_guard lock(mutex_);
            interrupted_ = true;
            run = run_;
        }
        if (run) run->interrupt();
    }

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

private:
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
    const Make make_;
    bool started_ = false;
    std::mutex mutex_;  ///< of what interrupt() reaches
    bool interrupted_ = false;
    std::shared_ptr<Run> run_;
};

/// A kind of source behind its guard; what is left to each is start().
template <typename Source, typename Through, typename Started>
class Guarded : public Source {
public:
    using Run = typename Guard<Source, Through, Started>::Run;
    using Sink = typename Source::Sink;
    Guarded(std::string label, typename Guard<Source, Through, Started>::Make make) : guard_(std::move(label), std::move(make)) {}
    void stop() override { guard_.stop(); }
    void interrupt() override { guard_.interrupt(); }

protected:
    Guard<Source, Through, Started> guard_;
};

struct VideoThroughGate final : SinkThroughGate<VideoSource::Sink> {
    void frame(VideoFrame frame) override { gate.tell(&VideoSource::Sink::frame, std::move(frame)); }
    void formatChanged(VideoSourceFormat format) override { gate.tell(&VideoSource::Sink::formatChanged, std::move(format)); }
};

class GuardedVideo final : public Guarded<VideoSource, VideoThroughGate, VideoSourceFormat> {
public:
    using Guarded::Guarded;
    Result<VideoSourceFormat> start(const WantedVideo& wanted, Sink& sink) override {
        return guard_.start(sink, [wanted](Run& run) { return run.source->start(wanted, run.through); });
    }
};

struct AudioThroughGate final : SinkThroughGate<AudioSource::Sink> {
    void samples(const float* samples, std::size_t frames, Timestamp pts) override {
        gate.tell(&AudioSource::Sink::samples, samples, frames, pts);
    }
};

class GuardedAudio final : public Guarded<AudioSource, AudioThroughGate, void> {
public:
    using Guarded::Guarded;
    Result<void> start(const WantedAudio& wanted, Sink& sink) override {
        return guard_.start(sink, [wanted](Run& run) { return run.source->start(wanted, run.through); });
    }
};

struct CodedThroughGate final : SinkThroughGate<CodedVideoSource::Sink> {
    void packet(Packet packet) override { gate.tell(&CodedVideoSource::Sink::packet, std::move(packet)); }
};

class GuardedCoded final : public Guarded<CodedVideoSource, CodedThroughGate, std::string> {
public:
    using Guarded::Guarded;
    Result<std::string> start(Sink& sink) override {
        return guard_.start(sink, [](Run& run) { return run.source->start(run.through); });
    }
};

}  // namespace

std::unique_ptr<VideoSource> guarded(std::string label, SourceMaker<VideoSource> make) {
    return std::make_unique<GuardedVideo>(std::move(label), std::move(make));
}

std::unique_ptr<AudioSource> guarded(std::string label, SourceMaker<AudioSource> make) {
    return std::make_unique<GuardedAudio>(std::move(label), std::move(make));
}

std::unique_ptr<CodedVideoSource> guarded(std::string label, SourceMaker<CodedVideoSource> make) {
    return std::make_unique<GuardedCoded>(std::move(label), std::move(make));
}

}  // namespace livepusher::capture
