// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/abandonable_thread.hpp"
#include "capture/network/live_stream.hpp"
#include "capture/sink_gate.hpp"

namespace livepusher::capture {

/// What makes something of a camera's packets. Called on the camera's thread, which may outlive the LiveThread when the
/// system's resolver hangs: it must own what it uses.
class LiveConsumer {
public:
    virtual ~LiveConsumer() = default;
    /// Another connection stands: what comes doesn't follow what came.
    virtual void begin() = 0;
    /// True: a picture came out of it. The first after lost() tells that the camera is back. Errors: it can't be used.
    virtual Result<bool> take(const LiveStream& stream, const AVPacket& packet) = 0;
    /// Nothing comes, and it is reconnected to. Once per episode.
    virtual void lost(const Error& why) = 0;
};

/// Reads a network camera on a thread of its own, and connects again, with growing pauses and for ever, when it breaks
/// off or gives no picture for 2 s. [video]
class LiveThread {
public:
    ~LiveThread() { stop(); }

    /// Waits for the first picture, at most 5 s. Errors: CameraFailed, Cancelled.
    Result<void> start(const LiveStream::Options& camera, std::shared_ptr<LiveConsumer> consumer);
    void stop();
    /// Lets a start() that waits, and all further ones, return with Cancelled. [any-thread]
    void interrupt();

private:
    struct Run;
    static void work(Run& run);

    std::mutex mutex_;  ///< of run_ and interrupted_
    bool interrupted_ = false;
    std::shared_ptr<Run> run_;
    base::AbandonableThread thread_;
};

/// A consumer that tells a sink what becomes of the camera.
template <typename Sink>
class LiveTeller : public LiveConsumer {
public:
    explicit LiveTeller(std::string title) : title_(std::move(title)) {}
    void lost(const Error& why) override {
        away_ = true;
        gate.tell(&Sink::code, Code::CameraRemoved, title_ + ": gone; it is connected to again and again");
        gate.tell(&Sink::code, Code::CameraFailed, why.message);
    }

    SinkGate<Sink> gate;

protected:
    const std::string title_;
    bool away_ = false;  ///< was told, and no return since
};

/// A network camera as a source. What `Source::start()` answers with is left to each kind.
template <typename Source, typename Teller>
class LiveSource : public Source {
public:
    using Sink = typename Source::Sink;
    explicit LiveSource(LiveStream::Options camera) : camera_(std::move(camera)) {}
    ~LiveSource() override { LiveSource::stop(); }

    void stop() override {
        if (teller_) teller_->gate.close();
        thread_.stop();
        teller_.reset();
    }
    void interrupt() override { thread_.interrupt(); }

protected:
    Result<void> begin(std::shared_ptr<Teller> teller, Sink& sink) {
        LiveSource::stop();
        teller_ = std::move(teller);
        teller_->gate.open(sink);
        auto started = thread_.start(camera_, teller_);
        if (!started) LiveSource::stop();
        return started;
    }

    const LiveStream::Options camera_;
    std::shared_ptr<Teller> teller_;

private:
    LiveThread thread_;
};

}  // namespace livepusher::capture
