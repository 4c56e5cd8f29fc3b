// SPDX-License-Identifier: MIT
#include "pipeline/cpu_wait.hpp"

#include <charconv>
#include <mutex>
#include <string>
#include <system_error>

#include "base/read_file.hpp"

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

constexpr auto kEvery = 300ms;  // less is a matter of chance, and reading costs
constexpr auto kPause = 1s;

}  // namespace

CpuWait::Waits CpuWait::read() const {
    Waits waits;
    std::error_code none;  // no such folder, or a thread that ends meanwhile: nothing to count
    for (std::filesystem::directory_iterator task(tasks_, none), end; !none && task != end; task.increment(none)) {
        const auto told = base::readBeginning(task->path() / "schedstat", 128);  // ns on a processor, ns waiting for one, turns
        if (!told) continue;
        const auto blank = told->find(' ');
        std::chrono::nanoseconds::rep waited = 0;
        if (blank == std::string::npos) continue;
        const auto* last = told->data() + told->size();
        if (std::from_chars(told->data() + blank + 1, last, waited).ec == std::errc())
            waits.emplace(task->path().filename(), waited);
    }
    return waits;
}

bool CpuWait::isShort(Time now) {
    if (readAt_ && now >= *readAt_ && now - *readAt_ < kEvery) return short_;
    const auto before = std::exchange(waits_, read());
    const auto since = std::exchange(readAt_, now);
    std::chrono::nanoseconds waited{0};
    for (const auto& [thread, time] : waits_)
        if (const auto known = before.find(thread); known != before.end()) waited += time - known->second;
    return short_ = since && now > *since && now - *since < kPause && waited > now - *since;
}

bool CpuWait::isShortHere(Time now) {
    static std::mutex mutex;
    static CpuWait process;
    std::lock_guard lock(mutex);
    return process.isShort(now);
}

}  // namespace livepusher::pipeline
