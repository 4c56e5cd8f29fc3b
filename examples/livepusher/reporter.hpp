// SPDX-License-Identifier: MIT
#pragma once

#include "output_stream.hpp"

#include <livepusher/livepusher.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace program {

/// Makes the status line, as much of it as `width` columns hold.
using StatusText = std::function<std::string(int width)>;

/// What the user sees: JSON on stdout, or, for people, notices and a status line on stderr. Logs and errors go to stderr in
/// both. [main]
class Reporter {
public:
    Reporter(EventLoop& loop, bool json, bool quiet, livepusher::LogLevel logLevel);

    void stateChange(const livepusher::StateChangeEvent& event);
    void error(const livepusher::ErrorEvent& event);
    /// Any other event or result, for `--json` only.
    void json(const std::string& line);

    void notice(std::string_view text);   ///< for people: one line, not when quiet
    void problem(std::string_view text);  ///< one line, always
    void log(livepusher::LogLevel level, std::string_view text);

    /// Renews the status line: in place on a terminal, else a plain line every few seconds.
    void status(const StatusText& format);
    void endStatus();  ///< takes the status line away

    void finish();  ///< waits a moment for slow readers

private:
    void line(std::string_view text);

    bool isLogged(int code) const;

    const bool json_, quiet_, terminal_;
    const livepusher::LogLevel logLevel_;
    OutputStream out_, err_;
    std::string statusLine_;  // as it stands on the terminal now
    EventLoop::Clock::time_point nextPlainLine_{};
};

}  // namespace program
