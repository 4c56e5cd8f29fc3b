// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/codes.hpp>
#include <livepusher/context_options.hpp>

#include "session/control_loop.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace livepusher::session {

/// Brings what the application hears to its thread: the event thread or its executor, one at a time, in order.
class EventDelivery {
public:
    explicit EventDelivery(Executor executor);
    ~EventDelivery() { close(); }
    EventDelivery(const EventDelivery&) = delete;
    EventDelivery& operator=(const EventDelivery&) = delete;

    void call(ControlLoop::Task task);

    /// After it returns nothing runs any more. What was posted is delivered first by the event thread, dropped
    /// with an executor (its loop may have ended).
    void close();

private:
    /// Lets tasks that an executor still holds find out that the context is gone.
    struct Gate {
        std::mutex mutex;
        std::condition_variable idle;
        std::thread::id runner;
        bool open = true;
        bool running = false;
    };

    const Executor executor_;
    const std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
    std::optional<ControlLoop> thread_;  // only without an executor
};

/// Writes a `statechange` to the log, by its code's severity. `about`: of what alone it tells, and may be empty.
void logStateChange(Code code, std::string_view about, std::string_view message);
/// Writes an `error` to the log that no `statechange` comes with.
void logError(std::string_view about, std::string_view message);

}  // namespace livepusher::session
