// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/log.hpp>

#include <string>

namespace livepusher::base {

/// True when lines of that level are wanted: ask before building an expensive one. [any-thread]
bool logs(LogLevel level);

/// One line to the log handler. Never give it a URL's text: give Url::redacted(). A warning that comes again within 10 s,
/// be it with other figures, is left out and counted, and the next line says how many were. [any-thread]
void log(LogLevel level, const std::string& text);

/// Likewise, of what the application is told as an event, too: none is left out. [any-thread]
void logEvent(LogLevel level, const std::string& text);

/// Says now how many warnings have been left out: nothing may follow. [any-thread]
void logWhatWasLeftOut();

}  // namespace livepusher::base
