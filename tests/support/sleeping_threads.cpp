// SPDX-License-Identifier: MIT
#include "sleeping_threads.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>

namespace livepusher {

namespace {

std::string_view read(int file, std::array<char, 512>& into) {
    const auto got = pread(file, into.data(), into.size(), 0);
    return {into.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

}  // namespace

SleepingThreads::~SleepingThreads() {
    for (const auto& [id, thread] : threads_) forget(thread);
    if (network_ != -1) close(network_);
}

void SleepingThreads::forget(const Thread& thread) {
    close(thread.state);
    close(thread.runs);
}

/// What has been sent to this machine, and that the kernel, on a processor that has much to do, has not looked at yet: who
/// waits for it sleeps all the while. Of /proc/net/softnet_stat, a line a processor, the twelfth number.
bool SleepingThreads::isUnderWay() {
    if (network_ == -1) network_ = open("/proc/net/softnet_stat", O_RDONLY | O_CLOEXEC);
    std::array<char, 4096> lines;
    const auto got = pread(network_, lines.data(), lines.size(), 0);
    std::istringstream text(std::string(lines.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))));
    for (std::string line; std::getline(text, line);) {
        std::istringstream numbers(line);
        std::string number;
        for (int column = 0; column < 12; ++column) numbers >> number;
        if (numbers && number.find_first_not_of('0') != std::string::npos) return true;
    }
    return false;
}

/// One that was woken after it was looked at, by one that went to sleep before, shows the second time: it waits for its turn,
/// or has had it. One that was begun by then is new in the list.
bool SleepingThreads::all() {
    for (auto& [id, thread] : threads_) thread.ran = runsOf(thread);
    const auto still = [](const auto& entry) { return sleeps(entry.second); };
    const bool asleep = std::all_of(threads_.begin(), threads_.end(), still);
    return listed() && asleep && !isUnderWay() && std::all_of(threads_.begin(), threads_.end(), [&](const auto& entry) {
               return still(entry) && runsOf(entry.second) == entry.second.ran;
           });
}

/// False: there are others than before.
bool SleepingThreads::listed() {
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc/self/task"), &closedir);
    if (!folder) return false;
    bool same = true;
    for (auto& [id, thread] : threads_) thread.seen = false;
    while (const auto* entry = readdir(folder.get())) {
        const auto id = static_cast<pid_t>(std::atoi(entry->d_name));
        if (id == 0 || id == gettid()) continue;
        auto& thread = threads_[id];
        thread.seen = true;
        if (thread.state != -1) continue;
        same = false;
        const auto path = "/proc/self/task/" + std::string(entry->d_name);
        thread.state = open((path + "/stat").c_str(), O_RDONLY | O_CLOEXEC);
        thread.runs = open((path + "/schedstat").c_str(), O_RDONLY | O_CLOEXEC);
    }
    return std::erase_if(threads_,
                         [](const auto& entry) {
                             const bool gone = !entry.second.seen || entry.second.state == -1 || entry.second.runs == -1;
                             if (gone) forget(entry.second);
                             return gone;
                         }) == 0 &&
           same;
}

/// Its third field; the second, the thread's name, is in parentheses.
bool SleepingThreads::sleeps(const Thread& thread) {
    std::array<char, 512> line;
    const auto text = read(thread.state, line);
    const auto name = text.rfind(')');
    return name != std::string_view::npos && name + 2 < text.size() && text[name + 2] == 'S';
}

/// The third number: how often it was given a processor.
std::uint64_t SleepingThreads::runsOf(const Thread& thread) {
    std::array<char, 512> line;
    const auto text = read(thread.runs, line);
    const auto last = text.rfind(' ');
    return last == std::string_view::npos ? 0 : std::strtoull(std::string(text.substr(last + 1)).c_str(), nullptr, 10);
}

}  // namespace livepusher
