// SPDX-License-Identifier: MIT
#pragma once

#include "capture/source.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>

namespace livepusher::capture {

/// Between a source's thread and its sink: what a source says goes through one call at a time, and
/// once close() has returned no call is running or will come. No lock is held during a call.
template <typename Sink>
class SinkGate {
public:
    /// [control]
    void open(Sink& sink) {
        std::lock_guard lock(mutex_);
        sink_ = &sink;
    }

    /// Not from inside a call. Idempotent. [control]
    void close() {
        std::unique_lock lock(mutex_);
        sink_ = nullptr;
        free_.wait(lock, [&] { return !busy_; });
    }

    bool isOpen() const {
        std::lock_guard lock(mutex_);
        return sink_ != nullptr;
    }

    /// Gives `act` the sink; false when closed. [any-thread]
    template <typename Act>
    bool call(Act&& act) {
        Sink* sink = nullptr;
        {
            std::unique_lock lock(mutex_);
            free_.wait(lock, [&] { return !busy_; });
            if (!sink_) return false;
            sink = sink_;
            busy_ = true;
        }
        const Turn turn{*this};
        std::forward<Act>(act)(*sink);
        return true;
    }

    /// Calls that method of the sink's; false when closed. [any-thread]
    template <typename Method, typename... Arguments>
    bool tell(Method method, Arguments&&... arguments) {
        return call([&](Sink& sink) { (sink.*method)(std::forward<Arguments>(arguments)...); });
    }

    void ended() { tell(&Sink::ended); }
    void failed(const auto& error) { tell(&Sink::failed, error); }

private:
    /// A call's; ends also by an exception, for close() waits for it.
    struct Turn {
        SinkGate& gate;
        ~Turn() {
            {
                std::lock_guard lock(gate.mutex_);
                gate.busy_ = false;
            }
            gate.free_.notify_all();
        }
    };

    mutable std::mutex mutex_;
    std::condition_variable free_;
    Sink* sink_ = nullptr;  // while it is open
    bool busy_ = false;
};

/// For the thread that calls through `gate`: what it breaks down with, the sink is told.
template <typename Sink>
auto failing(SinkGate<Sink>& gate) {
    return [&gate](const auto& error) { gate.failed(error); };
}

/// For what stands behind another source: what that reports, on to the sink behind `gate`.
template <typename Sink>
struct SinkThroughGate : Sink {
    void ended() override { gate.ended(); }
    void failed(Error why) override { gate.failed(why); }
    void code(Code code, std::string what) override { gate.tell(&Sink::code, code, std::move(what)); }
    SinkGate<Sink> gate;
};

struct VideoThroughGate : SinkThroughGate<VideoSource::Sink> {
    void frame(VideoFrame frame) override { gate.tell(&VideoSource::Sink::frame, std::move(frame)); }
    void formatChanged(VideoSourceFormat format) override { gate.tell(&VideoSource::Sink::formatChanged, std::move(format)); }
    void cut() override { gate.tell(&VideoSource::Sink::cut); }
};

}  // namespace livepusher::capture
