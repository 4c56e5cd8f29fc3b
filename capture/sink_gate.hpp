// SPDX-License-Identifier: MIT
#pragma once

#include "capture/source.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace livepusher::capture {

/// Between a source's thread and its sink: what a source says goes through one call at a time, and
/// once close() has returned no call is running or will come. No lock is held during a call.
template <typename Sink>
class SinkGate {
public:
    /// [control]
    void open(Sink sink) {
        std::lock_guard lock(mutex_);
        sink_.emplace(std::move(sink));
        open_ = true;
    }

    /// Not from inside a call. Idempotent. [control]
    void close() {
        std::optional<Sink> gone;  // destroyed after the lock is released
        std::unique_lock lock(mutex_);
        open_ = false;
        free_.wait(lock, [&] { return !busy_; });
        gone.swap(sink_);
        lock.unlock();
    }

    bool isOpen() const {
        std::lock_guard lock(mutex_);
        return open_;
    }

    /// Gives `act` the sink; false when closed. [any-thread]
    template <typename Act>
    bool call(Act&& act) {
        {
            std::unique_lock lock(mutex_);
            free_.wait(lock, [&] { return !busy_; });
            if (!open_) return false;
            busy_ = true;
        }
        const Turn turn{*this};
        std::forward<Act>(act)(*sink_);
        return true;
    }

    /// Calls that function of the sink's, where it has one; false when closed. [any-thread]
    template <typename Function, typename Base, typename... Arguments>
    bool tell(Function Base::*function, Arguments&&... arguments) {
        return call([&](Sink& sink) {
            if (sink.*function) (sink.*function)(std::forward<Arguments>(arguments)...);
        });
    }

    void ended() { tell(&Sink::onEnded); }
    void failed(const auto& error) { tell(&Sink::onError, error); }

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
    std::optional<Sink> sink_;
    bool open_ = false;
    bool busy_ = false;
};

/// For the thread that calls through `gate`: what it breaks down with, the sink is told.
template <typename Sink>
auto failing(SinkGate<Sink>& gate) {
    return [&gate](const auto& error) { gate.failed(error); };
}

/// For what stands behind another source: what a source reports, on to the sink behind `gate`, which outlives it.
template <typename Sink>
SourceEvents eventsThrough(SinkGate<Sink>& gate) {
    return {.onEnded = [&gate] { gate.ended(); },
            .onError = [&gate](const Error& error) { gate.failed(error); },
            .onCode = [&gate](Code code, const std::string& what) { gate.tell(&Sink::onCode, code, what); }};
}

/// The same with a picture source's frames and formats.
inline VideoSource::Sink sinkThrough(SinkGate<VideoSource::Sink>& gate) {
    return {eventsThrough(gate), [&gate](VideoFrame frame) { gate.tell(&VideoSource::Sink::onFrame, std::move(frame)); },
            [&gate](VideoSourceFormat format) { gate.tell(&VideoSource::Sink::onFormat, std::move(format)); }};
}

}  // namespace livepusher::capture
