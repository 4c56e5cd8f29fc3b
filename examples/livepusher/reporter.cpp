// SPDX-License-Identifier: MIT
#include "reporter.hpp"

#include "names.hpp"
#include "terminal.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace program {

namespace {

constexpr std::chrono::seconds kPlainLineInterval{5};
constexpr std::chrono::milliseconds kPatience{1000};

/// Whether people want to read of it as it happens; the rest of the good news is in the status line.
bool isNews(int code) {
    const auto* info = livepusher::describeCode(code);
    if (info == nullptr || info->severity != livepusher::Severity::Info) return true;
    using enum livepusher::Code;
    constexpr std::array kNews{PushBegan,        FileBegan,      EncoderStarted, CameraReturned, MutedChanged,
                               EnableMicChanged, PlayBegan,      PlayEnded,      PlayLoading,    ResolutionChanged,
                               MessageReceived,  SpeakerChanged, DecoderStarted};
    return std::ranges::find(kNews, info->code) != kNews.end();
}

/// What tells of one of several targets says of which.
std::string ofTarget(const std::string& id) { return id.empty() || id == "main" || id == "record" ? "" : id + ": "; }

std::string timeOfDay() {
    const auto now = std::chrono::system_clock::now();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm local{};
    localtime_r(&seconds, &local);
    std::array<char, 16> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%H:%M:%S", &local)};
}

}  // namespace

Reporter::Reporter(EventLoop& loop, bool json, bool quiet, livepusher::LogLevel logLevel)
    : json_(json),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) == 1),
      logLevel_(logLevel),
      out_(loop, STDOUT_FILENO),
      err_(loop, STDERR_FILENO),
      nextPlainLine_(EventLoop::Clock::now() + kPlainLineInterval) {}

void Reporter::stateChange(const livepusher::StateChangeEvent& event) {
    json(livepusher::toJson(event));
    if (!isNews(event.code) || isLogged(event.code)) return;
    const auto* info = livepusher::describeCode(event.code);
    const std::string name = info == nullptr ? "" : " " + std::string(info->name);
    notice(std::to_string(event.code) + name + ": " + ofTarget(event.targetId) + event.message);
}

void Reporter::error(const livepusher::ErrorEvent& event) {
    json(livepusher::toJson(event));
    if (logLevel_ > livepusher::LogLevel::Error)  // else the log has it: each of these events is an error there
        notice("error " + std::to_string(event.errCode) + ": " + ofTarget(event.targetId) + event.errMsg);
}

/// The library logs its events too: nobody wants to read them twice.
bool Reporter::isLogged(int code) const {
    const auto* info = livepusher::describeCode(code);
    if (info == nullptr) return false;
    using enum livepusher::LogLevel;
    const auto level = info->severity == livepusher::Severity::Failure   ? Error
                       : info->severity == livepusher::Severity::Warning ? Warning
                                                                         : Info;
    return logLevel_ <= level;
}

void Reporter::json(const std::string& line) {
    if (json_) out_.write(line + "\n");
}

void Reporter::notice(std::string_view text) {
    if (!json_ && !quiet_) line(text);
}

void Reporter::problem(std::string_view text) { line("livepusher: " + std::string(text)); }

void Reporter::log(livepusher::LogLevel level, std::string_view text) {
    line(timeOfDay() + " " + std::string(kLogLevels[static_cast<std::size_t>(level)]) + ": " + std::string(text));
}

void Reporter::line(std::string_view text) {
    const std::string again = std::move(statusLine_);
    statusLine_.clear();
    err_.write((again.empty() ? "" : "\r\x1b[K") + std::string(text) + "\n" + again);
    statusLine_ = again;
}

void Reporter::status(const StatusText& format) {
    if (json_ || quiet_) return;
    if (terminal_) {
        const std::string text = format(terminalWidth(STDERR_FILENO) - 1);
        if (text == statusLine_) return;
        err_.write("\r" + text + "\x1b[K");
        statusLine_ = text;
    } else if (const auto now = EventLoop::Clock::now(); now >= nextPlainLine_) {
        constexpr int kAnyWidth = 1000;
        line(format(kAnyWidth));
        nextPlainLine_ = now + kPlainLineInterval;
    }
}

void Reporter::endStatus() {
    if (!statusLine_.empty()) err_.write("\r\x1b[K");
    statusLine_.clear();
}

void Reporter::finish() {
    endStatus();
    out_.finish(kPatience);
    err_.finish(kPatience);
}

}  // namespace program
