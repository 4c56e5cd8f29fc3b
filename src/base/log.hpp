// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/log.hpp>

#include <string>

namespace livepusher::base {

/// True when lines of that level are wanted: ask before building an expensive one. [any-thread]
bool logs(LogLevel level);

/// One line to the log handler. Never give it a URL's text: give Url::redacted(). [any-thread]
void log(LogLevel level, const std::string& text);

}  // namespace livepusher::base
