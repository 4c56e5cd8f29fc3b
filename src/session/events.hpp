// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/events.hpp>

#include "session/event_delivery.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace livepusher::session {

/// What an application hears of a context, by its handlers: `ContextHandlers` has onStateChange and onError among them.
/// Nothing upstream waits for a handler.
template <typename ContextHandlers>
class Events {
public:
    Events(ContextHandlers handlers, Executor executor)
        : handlers_(std::make_shared<const ContextHandlers>(std::move(handlers))), delivery_(std::move(executor)) {}

    /// statechange; `targetId`: of whom alone it tells.
    void code(Code code, std::string message, const std::string& targetId = {}) {
        logStateChange(code, named(targetId), message);
        tell(&ContextHandlers::onStateChange, StateChangeEvent{static_cast<int>(code), std::move(message), targetId});
    }
    /// error, and statechange where the contract has both.
    void error(const Error& error, const std::string& targetId = {}) {
        const auto* info = describeCode(static_cast<int>(error.code));
        const auto event = info ? info->event : CodeEvent::State;
        if (event != CodeEvent::Error)
            code(error.code, error.message, targetId);
        else
            logError(named(targetId), error.message);
        if (event != CodeEvent::State)
            tell(&ContextHandlers::onError, ErrorEvent{error.message, static_cast<int>(error.code), targetId});
    }
    /// Calls a handler, if the application has that one.
    template <typename... Parameters, typename... Arguments>
    void tell(std::function<void(Parameters...)> ContextHandlers::*handler, Arguments... arguments) {
        if (!(*handlers_.*handler)) return;
        call([handlers = handlers_, handler, ... arguments = std::move(arguments)] { (*handlers.*handler)(arguments...); });
    }
    void call(ControlLoop::Task task) { delivery_.call(std::move(task)); }  ///< anything else, in the same order
    const ContextHandlers& handlers() const { return *handlers_; }
    void close() { delivery_.close(); }  ///< as EventDelivery::close()

private:
    /// What a line of the log begins with that tells of one of several targets.
    static std::string_view named(std::string_view targetId) { return targetId == "main" ? std::string_view() : targetId; }

    const std::shared_ptr<const ContextHandlers> handlers_;
    EventDelivery delivery_;
};

}  // namespace livepusher::session
