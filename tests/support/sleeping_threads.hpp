// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>

#include <sys/types.h>

namespace livepusher {

/// Tells whether all threads of this process but the one that asks sleep: none runs, and none is about to, nor is
/// anything under way to one from another.
class SleepingThreads {
public:
    SleepingThreads() = default;
    ~SleepingThreads();
    SleepingThreads(const SleepingThreads&) = delete;
    SleepingThreads& operator=(const SleepingThreads&) = delete;

    bool all();

private:
    struct Thread {
        int state = -1, runs = -1;  // descriptors of /proc/self/task/ID/stat and …/schedstat
        std::uint64_t ran = 0;      // how often, when it was looked at
        bool seen = false;
    };
    bool listed();
    bool isUnderWay();
    static void forget(const Thread& thread);
    static bool sleeps(const Thread& thread);
    static std::uint64_t runsOf(const Thread& thread);

    std::map<pid_t, Thread> threads_;
    int network_ = -1;
};

}  // namespace livepusher
