// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <exception>
#include <string>
#include <thread>
#include <utility>

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "base/thread_name.hpp"

namespace livepusher::base {

/// A thread of that name (15 characters at most) that runs `body`; what that throws, for want of memory, is told to the log
/// and ends the thread alone. Errors: InternalFailure where the system has no thread to give, by ulimit -u, a cgroup's
/// pids.max or for want of memory: std::thread alone would throw.
template <typename Body>
Result<std::thread> startThread(const char* name, Body body) {
    try {
        return std::thread([name, run = std::move(body)]() mutable {
            nameThread(name);
            if (const auto ran = attempt([&] { run(); }); !ran)
                log(LogLevel::Error, std::string("thread \"") + name + "\" ends: " + ran.error().message);
        });
    } catch (const std::exception& thrown) {
        auto error = toError(thrown);
        error.message = std::string("thread \"") + name + "\": " + error.message;
        return error;
    }
}

}  // namespace livepusher::base
