// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <exception>
#include <string>
#include <thread>
#include <utility>

#include "base/thread_name.hpp"

namespace livepusher::base {

/// A thread of that name (15 characters at most) that runs `body`. Errors: InternalFailure where the system has no thread
/// to give, by ulimit -u, a cgroup's pids.max or for want of memory: std::thread alone would throw.
template <typename Body>
Result<std::thread> startThread(const char* name, Body body) {
    try {
        return std::thread([name, run = std::move(body)]() mutable {
            nameThread(name);
            run();
        });
    } catch (const std::exception& error) {
        return Error{Code::InternalFailure, std::string("no thread for \"") + name + "\": " + error.what() +
                                                "; the limits of processes (ulimit -u, pids.max) or "
                                                "memory are used up"};
    }
}

}  // namespace livepusher::base
