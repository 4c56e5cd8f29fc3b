// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/context_options.hpp>

#include "pipeline/control_loop.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace livepusher::pipeline {

/// Brings everything the application hears to its thread: the event thread or its executor.
/// Nothing upstream waits for a handler.
class Events {
public:
    Events(Handlers handlers, Executor executor);
    ~Events() { close(); }
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;

    /// statechange; `targetId`: of whom alone it tells.
    void code(Code code, std::string message, const std::string& targetId = {});
    /// error, and statechange where the contract has both.
    void error(const Error& error, const std::string& targetId = {});
    /// Calls a handler, if the application has that one.
    template <typename... Parameters, typename... Arguments>
    void tell(std::function<void(Parameters...)> Handlers::*handler, Arguments... arguments) {
        if (!(*handlers_.*handler)) return;
        call([handlers = handlers_, handler, ... arguments = std::move(arguments)] { (*handlers.*handler)(arguments...); });
    }
    void call(ControlLoop::Task task);  ///< anything else, in the same order
    const Handlers& handlers() const { return *handlers_; }

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

    const std::shared_ptr<const Handlers> handlers_;
    const Executor executor_;
    const std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
    std::optional<ControlLoop> thread_;  // only without an executor
};

/// What one target has to tell. Its Events outlives it.
class TargetEvents {
public:
    TargetEvents(Events& events, std::string id) : events_(events), id_(std::move(id)) {}

    void code(Code code, std::string message) const { events_.code(code, std::move(message), id_); }  ///< as Events::code()
    void error(const Error& error) const { events_.error(error, id_); }                               ///< as Events::error()

private:
    Events& events_;
    const std::string id_;
};

}  // namespace livepusher::pipeline
