// SPDX-License-Identifier: MIT
#include "pipeline/events.hpp"

#include "base/log.hpp"

#include <array>

namespace livepusher {

std::string_view toString(State state) {
    constexpr std::array<std::string_view, 6> kNames{"idle", "previewing", "connecting", "pushing", "paused", "reconnecting"};
    const auto place = static_cast<std::size_t>(state);
    return place < kNames.size() ? kNames[place] : "unknown";
}

namespace pipeline {

namespace {

LogLevel levelOf(Code code) {
    const auto* info = describeCode(static_cast<int>(code));
    if (!info) return LogLevel::Info;
    switch (info->severity) {
        case Severity::Warning: return LogLevel::Warning;
        case Severity::Failure: return LogLevel::Error;
        default: return LogLevel::Info;
    }
}

/// What a line of the log begins with that tells of one of several targets.
std::string named(const std::string& targetId) { return targetId.empty() || targetId == "main" ? "" : targetId + ": "; }

}  // namespace

Events::Events(Handlers handlers, Executor executor)
    : handlers_(std::make_shared<const Handlers>(std::move(handlers))), executor_(std::move(executor)) {
    if (!executor_) thread_.emplace("events");
}

void Events::call(ControlLoop::Task task) {
    if (thread_) return thread_->post(std::move(task));
    executor_([gate = gate_, task = std::move(task)] {
        {
            std::lock_guard lock(gate->mutex);
            if (!gate->open) return;
            gate->running = true;
            gate->runner = std::this_thread::get_id();
        }
        task();
        {
            std::lock_guard lock(gate->mutex);
            gate->running = false;
        }
        gate->idle.notify_all();
    });
}

void Events::close() {
    base::logWhatWasLeftOut();
    if (thread_) return thread_->join();
    std::unique_lock lock(gate_->mutex);
    gate_->open = false;
    gate_->idle.wait(lock, [this] { return !gate_->running || gate_->runner == std::this_thread::get_id(); });
}

void Events::code(Code code, std::string message, const std::string& targetId) {
    const auto level = levelOf(code);
    if (base::logs(level)) base::logEvent(level, std::to_string(static_cast<int>(code)) + " " + named(targetId) + message);
    tell(&Handlers::onStateChange, StateChangeEvent{static_cast<int>(code), std::move(message), targetId});
}

void Events::error(const Error& error, const std::string& targetId) {
    const auto* info = describeCode(static_cast<int>(error.code));
    const auto event = info ? info->event : CodeEvent::State;
    if (event != CodeEvent::Error)
        code(error.code, error.message, targetId);
    else
        base::log(LogLevel::Error, named(targetId) + error.message);
    if (event != CodeEvent::State) tell(&Handlers::onError, ErrorEvent{error.message, static_cast<int>(error.code), targetId});
}

}  // namespace pipeline

}  // namespace livepusher
