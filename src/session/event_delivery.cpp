// SPDX-License-Identifier: MIT
#include "session/event_delivery.hpp"

#include "base/log.hpp"

#include <utility>

namespace livepusher::session {

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

std::string withName(std::string_view about, std::string_view message) {
    return (about.empty() ? std::string() : std::string(about) + ": ") + std::string(message);
}

}  // namespace

EventDelivery::EventDelivery(Executor executor) : executor_(std::move(executor)) {
    if (!executor_) thread_.emplace("events");
}

void EventDelivery::call(ControlLoop::Task task) {
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

void EventDelivery::close() {
    base::logWhatWasLeftOut();
    if (thread_) return thread_->join();
    std::unique_lock lock(gate_->mutex);
    gate_->open = false;
    gate_->idle.wait(lock, [this] { return !gate_->running || gate_->runner == std::this_thread::get_id(); });
}

void logStateChange(Code code, std::string_view about, std::string_view message) {
    const auto level = levelOf(code);
    if (base::logs(level)) base::logEvent(level, std::to_string(static_cast<int>(code)) + " " + withName(about, message));
}

void logError(std::string_view about, std::string_view message) { base::log(LogLevel::Error, withName(about, message)); }

}  // namespace livepusher::session
