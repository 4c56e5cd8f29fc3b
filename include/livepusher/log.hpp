// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/export.hpp>

#include <functional>
#include <string_view>

namespace livepusher {

/// How much a line of the log matters.
enum class LogLevel {
    Trace,    ///< every step
    Debug,    ///< what helps to find a fault
    Info,     ///< progress
    Warning,  ///< the library deals with it
    Error,    ///< something is lost
    Off,      ///< as a level to log from: nothing
};

/// Takes every line the library logs; the text holds no stream key and no newline. A warning that repeats comes once in
/// 10 s, and with it how many were left out.
using LogHandler = std::function<void(LogLevel level, std::string_view text)>;

/// Sends the library's log to `handler`, called one line at a time from any of the library's
/// threads; it must not call the library. An empty handler restores the default: stderr. The
/// one setting that all contexts of a process share. [any-thread]
LIVEPUSHER_API void setLogHandler(LogHandler handler);

/// Lines below `level` are not made at all. Default: Warning. [any-thread]
LIVEPUSHER_API void setLogLevel(LogLevel level);

}  // namespace livepusher
