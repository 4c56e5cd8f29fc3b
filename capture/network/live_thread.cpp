// SPDX-License-Identifier: MIT
#include "capture/network/live_thread.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <optional>
#include <utility>

#include "base/log.hpp"

namespace livepusher::capture {
namespace {

using std::chrono::milliseconds;

constexpr Timestamp kLiveOpening{5'000'000};
constexpr Timestamp kLiveSilence{2'000'000};
constexpr milliseconds kOverdue{5500};  // beyond that it isn't the camera that hangs
constexpr milliseconds kLiveStopWait{1000};
constexpr std::array kLivePauses{milliseconds(500), milliseconds(1000), milliseconds(2000), milliseconds(4000),
                                 milliseconds(5000)};

}  // namespace

struct LiveThread::Run {
    Run(LiveStream::Options camera, std::shared_ptr<LiveConsumer> to) : stream(std::move(camera)), consumer(std::move(to)) {}

    /// From a connection to the first picture.
    Result<void> open();
    /// Until something is wrong.
    Error read();
    /// False: it is time to end.
    bool pause(std::size_t attempt);
    void cancel();

    LiveStream stream;
    const std::shared_ptr<LiveConsumer> consumer;
    std::mutex mutex;
    std::condition_variable changed;
    bool quit = false;
    std::optional<Result<void>> opened;
};

Result<void> LiveThread::Run::open() {
    const LiveStream::Limit limit(kLiveOpening);
    if (auto reached = stream.open(limit); !reached) return reached;
    consumer->begin();
    for (;;) {
        const auto packet = stream.read(limit);
        if (!packet) return packet.error();
        const auto taken = consumer->take(stream, **packet);
        if (!taken) return taken.error();
        if (*taken) return {};
    }
}

Error LiveThread::Run::read() {
    LiveStream::Limit limit(kLiveSilence);
    for (;;) {
        const auto packet = stream.read(limit);
        if (!packet) return packet.error();
        const auto taken = consumer->take(stream, **packet);
        if (!taken) return taken.error();
        if (*taken) limit = LiveStream::Limit(kLiveSilence);
    }
}

bool LiveThread::Run::pause(std::size_t attempt) {
    std::unique_lock lock(mutex);
    return !changed.wait_for(lock, std::min(kLivePauses[std::min(attempt, kLivePauses.size() - 1)], stream.retryWithin()),
                             [&] { return quit; });
}

void LiveThread::Run::cancel() {
    stream.cancel();
    {
        std::lock_guard lock(mutex);
        quit = true;
    }
    changed.notify_all();
}

void LiveThread::work(Run& run) {
    auto opened = base::attempt([&] { return run.open(); });
    const bool good = opened.has_value();
    if (!good) run.stream.close();
    {
        std::lock_guard lock(run.mutex);
        run.opened = std::move(opened);
    }
    run.changed.notify_all();
    while (good) {
        // Without memory for it, it is lost as by a fault of the network: there may be some again.
        const auto why = base::attempt([&]() -> Result<void> { return run.read(); }).error();
        run.stream.close();
        if (why.code == Code::Cancelled) return;
        run.consumer->lost(why);
        for (std::size_t attempt = 0;; ++attempt) {
            if (!run.pause(attempt)) return;
            const auto back = base::attempt([&] { return run.open(); });
            if (back) break;
            run.stream.close();
            if (back.error().code == Code::Cancelled) return;
            base::log(LogLevel::Debug, "reconnecting: " + back.error().message);
        }
    }
}

Result<void> LiveThread::start(const LiveStream::Options& camera, std::shared_ptr<LiveConsumer> consumer) {
    stop();
    auto run = std::make_shared<Run>(camera, std::move(consumer));
    {
        std::lock_guard lock(mutex_);
        if (interrupted_) return Error{Code::Cancelled, camera.label + ": given up before it was opened"};
        run_ = run;
    }
    const auto started = thread_.start("capture", [run] {
        work(*run);
        run->stream.close();
    });
    if (!started) {
        std::lock_guard lock(mutex_);
        run_.reset();
        return Error{Code::CameraFailed, camera.label + ": " + started.error().message};
    }
    std::unique_lock lock(run->mutex);
    run->changed.wait_for(lock, kOverdue, [&] { return run->opened || run->quit; });
    auto opened = run->opened.value_or(Error{Code::CameraFailed, camera.label + ": no answer within 5 s"});
    if (run->quit) opened = Error{Code::Cancelled, camera.label + ": given up while it was being opened"};
    lock.unlock();
    if (!opened) stop();
    return opened;
}

void LiveThread::stop() {
    if (!thread_.started()) return;
    run_->cancel();
    if (!thread_.end(kLiveStopWait))
        base::log(LogLevel::Warning, run_->stream.label() + ": the system's resolver does not answer; it is given up");
    std::lock_guard lock(mutex_);
    run_.reset();
}

void LiveThread::interrupt() {
    std::shared_ptr<Run> run;
    {
        std::lock_guard lock(mutex_);
        interrupted_ = true;
        run = run_;
    }
    if (!run) return;
    {
        std::lock_guard lock(run->mutex);
        if (run->opened) return;  // start() has it already; stop() ends what runs
    }
    run->cancel();
}

}  // namespace livepusher::capture
