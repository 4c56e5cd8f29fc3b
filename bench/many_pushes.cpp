// SPDX-License-Identifier: MIT
// Many pushes in one process, as a server has them: so many contexts that send one coded file to URLs of one server. Told by
// bench/many_pushes.py; prints what the process has used, as JSON, and ends when stdin does.
#include <livepusher/context.hpp>
#include <livepusher/log.hpp>

#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace livepusher;

long status(const std::string& name) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
        if (line.rfind(name + ":", 0) == 0) return std::strtol(line.c_str() + name.size() + 1, nullptr, 10);
    return 0;
}

double cpu() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// Counts what is awaited.
class Tally {
public:
    void add() {
        std::lock_guard lock(mutex_);
        ++count_;
        changed_.notify_all();
    }
    bool await(int count, std::chrono::seconds atMost) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, atMost, [&] { return count_ >= count; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

struct Told {
    Tally begun;
    std::atomic<int> troubles{0};
};

std::unique_ptr<LivePusherContext> push(const std::string& url, const std::string& clip, Told& told) {
    ContextOptions options;
    options.properties.url = url;
    options.properties.mode = Mode::SD;
    options.sources = {.video = "coded:" + clip, .audio = "none", .loop = true};
    options.handlers.onStateChange = [&told](const StateChangeEvent& event) {
        if (event.code == static_cast<int>(Code::PushBegan)) told.begun.add();
        const auto* info = describeCode(event.code);
        if (!info || info->severity == Severity::Info) return;
        ++told.troubles;
        std::fprintf(stderr, "%d %s\n", event.code, event.message.c_str());
    };
    auto context = std::make_unique<LivePusherContext>(std::move(options));
    context->start({});
    return context;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 5) {
        std::fputs("usage: bench_many_pushes URL CLIP PUSHES SECONDS\n", stderr);
        return 2;
    }
    const std::string url = arguments[1], clip = arguments[2];
    const int pushes = std::atoi(arguments[3]), seconds = std::atoi(arguments[4]);
    constexpr auto kPatience = std::chrono::seconds(60);
    {  // what is loaded once for all
        Told first;
        const auto context = push(url + "/first", clip, first);
        if (!first.begun.await(1, kPatience)) return 1;
    }
    const long memoryBefore = status("VmRSS"), threadsBefore = status("Threads");
    setLogLevel(LogLevel::Error);  // what happens is told once
    Told told;
    std::vector<std::unique_ptr<LivePusherContext>> contexts;
    for (int i = 0; i < pushes; ++i) contexts.push_back(push(url + "/" + std::to_string(i), clip, told));
    if (!told.begun.await(pushes, kPatience)) {
        std::fputs("not all pushes have begun\n", stderr);
        return 1;
    }
    std::this_thread::sleep_for(std::chrono::seconds(2));  // until the net status knows what the beginning has left out
    std::puts("begun");
    std::fflush(stdout);
    const auto began = std::chrono::steady_clock::now();
    const auto dropped = [&] {
        long all = 0;
        for (const auto& context : contexts) all += static_cast<long>(context->netStatus().videoDrop);
        return all;
    };
    const long droppedBefore = dropped();
    const double cpuBefore = cpu();
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
    const double used = cpu() - cpuBefore;
    const double lasted = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    std::printf("{\"cpu\":%.5f,\"kilobytes\":%.1f,\"threads\":%.2f,\"dropped\":%ld,\"troubles\":%d,\"resident\":%ld}\n",
                used / lasted / pushes, static_cast<double>(status("VmRSS") - memoryBefore) / pushes,
                static_cast<double>(status("Threads") - threadsBefore) / pushes, dropped() - droppedBefore, told.troubles.load(),
                status("VmRSS"));
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line);) continue;
    contexts.clear();
    return 0;
}
