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

/// A thread of that name (15 characters at most) that runs `body`. What that throws, for want of memory, goes to `onError`,
/// on the thread and as its last act, and ends the thread alone. Errors: InternalFailure where the system has no thread to
/// give, by ulimit -u, a cgroup's pids.max or for want of memory: std::thread alone would throw.
template <typename Body, typename OnError>
Result<std::thread> startThread(const char* name, Body body, OnError onError) {
    try {
        return std::thread([name, run = std::move(body), onError = std::move(onError)]() mutable {
            nameThread(name);
            const auto ran = attempt([&] { run(); });
            if (!ran) (void)attempt([&] { onError(ran.error()); });  // which may want memory too; then the thread ends in silence
        });
    } catch (const std::exception& thrown) {
        auto error = toError(thrown);
        error.message = std::string("thread \"") + name + "\": " + error.message;
        return error;
    }
}

/// The same for a thread that nobody waits for: the log is told.
template <typename Body>
Result<std::thread> startThread(const char* name, Body body) {
    return startThread(name, std::move(body), [name](const Error& error) {
        log(LogLevel::Error, std::string("thread \"") + name + "\" ended by an exception: " + error.message);
    });
}

}  // namespace livepusher::base
