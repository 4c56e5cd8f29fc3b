// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace livepusher::pipeline {

/// Tells whether the machine has too much to do: its scheduler counts for how long threads that could run wait for a
/// processor. Belongs to one thread, but for what is tagged otherwise.
class CpuWait {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// `tasks`: where a process' threads are listed, as in /proc/self/task.
    explicit CpuWait(std::filesystem::path tasks = "/proc/self/task") : tasks_(std::move(tasks)) {}

    /// To be asked often. Whether of this process' threads one or more waited all the time, on the average of the last
    /// few tenths of a second. False until that is known, after a pause, and where the kernel doesn't count it
    /// (CONFIG_SCHED_INFO).
    bool isShort(Time now);

    /// The same of this process, read once for all who ask: each reading looks at every thread, and a process may have many
    /// pushes. [any-thread]
    static bool isShortHere(Time now);

private:
    using Waits = std::map<std::string, std::chrono::nanoseconds>;  // by thread, since it began
    Waits read() const;

    std::filesystem::path tasks_;
    Waits waits_;
    std::optional<Time> readAt_;
    bool short_ = false;
};

}  // namespace livepusher::pipeline
