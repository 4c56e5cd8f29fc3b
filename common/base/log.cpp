// SPDX-License-Identifier: MIT
#include "base/log.hpp"

#include "base/repeated_lines.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

namespace livepusher {

namespace {

std::atomic<LogLevel> threshold{LogLevel::Warning};
std::mutex handlerMutex;  // guards `handler` only, never held across the call
std::shared_ptr<const LogHandler> handler;

std::mutex repeatsMutex;  // guards `repeats` only, likewise
base::RepeatedLines repeats;

spdlog::level::level_enum toSpdlog(LogLevel level) {
    using namespace spdlog::level;
    constexpr std::array kLevels{trace, debug, info, warn, err, off};  // in LogLevel's order
    return kLevels[static_cast<std::size_t>(level)];
}

spdlog::logger& stderrLogger() {
    static spdlog::logger logger = [] {
        spdlog::logger made("livepusher", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made.set_pattern("%H:%M:%S.%e %l livepusher: %v");
        made.set_level(spdlog::level::trace);  // base::logs() is the filter
        return made;
    }();
    return logger;
}

void write(LogLevel level, const std::string& text) {
    std::shared_ptr<const LogHandler> to;
    {
        std::lock_guard lock(handlerMutex);
        to = handler;
    }
    if (to)
        (*to)(level, text);
    else
        stderrLogger().log(toSpdlog(level), text);
}

void writeOwed(bool all) {
    std::vector<std::string> lines;
    {
        std::lock_guard lock(repeatsMutex);
        lines = repeats.owed(now(), all);
    }
    if (base::logs(LogLevel::Warning))
        for (const auto& line : lines) write(LogLevel::Warning, line);
}

}  // namespace

void setLogHandler(LogHandler next) {
    auto made = next ? std::make_shared<const LogHandler>(std::move(next)) : nullptr;
    {
        std::lock_guard lock(handlerMutex);
        handler.swap(made);
    }
    std::lock_guard lock(repeatsMutex);
    repeats.forget();  // whoever reads now has seen none of them
}

void setLogLevel(LogLevel level) { threshold = level; }

namespace base {

bool logs(LogLevel level) { return level != LogLevel::Off && level >= threshold.load(std::memory_order_relaxed); }

void log(LogLevel level, const std::string& text) {
    if (!logs(level)) return;
    writeOwed(false);
    if (level != LogLevel::Warning) return write(level, text);
    RepeatedLines::Verdict verdict;
    {
        std::lock_guard lock(repeatsMutex);
        verdict = repeats.note(text, now());
    }
    if (verdict.write) write(level, text + verdict.addition);
}

void logEvent(LogLevel level, const std::string& text) {
    if (!logs(level)) return;
    writeOwed(false);
    write(level, text);
}

void logWhatWasLeftOut() { writeOwed(true); }

}  // namespace base
}  // namespace livepusher
