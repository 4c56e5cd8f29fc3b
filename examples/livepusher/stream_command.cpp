// SPDX-License-Identifier: MIT
#include "stream_command.hpp"

#include <unistd.h>

#include <cmath>
#include <csignal>
#include <utility>

namespace program {

namespace {

constexpr std::chrono::milliseconds kTick{250};

}  // namespace

StreamCommand::StreamCommand(const RunArguments& run)
    : run_(run), signals_(loop_, [this](int signal) { onSignal(signal); }), reporter_(loop_, run.json, run.quiet, run.logLevel) {
    livepusher::setLogLevel(run.logLevel);
    livepusher::setLogHandler([this](livepusher::LogLevel level, std::string_view text) {
        loop_.post([this, level, line = std::string(text)] { reporter_.log(level, line); });
    });
}

void StreamCommand::finish() {
    livepusher::setLogHandler({});
    loop_.drain();
    reporter_.finish();
}

bool StreamCommand::openControl(Controllable& subject) {
    if (run_.controlPath.empty()) return true;
    requests_.emplace(subject, *this);
    control_.emplace(loop_, *requests_);
    const auto opened = control_->open(run_.controlPath);
    if (!opened) reporter_.problem(opened.error().message);
    return opened.has_value();
}

void StreamCommand::runLoop() {
    loop_.every(kTick, [this] {
        if (keys_) keys_->refresh();
        onTick();
    });
    loop_.run();
    keys_.reset();
}

void StreamCommand::release() {
    keys_.reset();
    control_.reset();
}

void StreamCommand::limitDuration() {
    if (!run_.duration || std::exchange(limited_, true)) return;
    loop_.after(std::chrono::milliseconds(std::llround(*run_.duration * 1000)), [this] { requestEnd(kDone); });
}

void StreamCommand::call(Controllable& subject, const char* method, const Json& options) {
    Json request = options;
    request["method"] = method;
    callMethod(subject, request, [this](const Json& result) { answered(result); });
}

void StreamCommand::set(Controllable& subject, const Json& properties) {
    setProperties(subject, properties, [this](const Json& result) { answered(result); });
}

void StreamCommand::answered(const Json& result) {
    if (const auto path = result.find("tempImagePath"); path != result.end()) {
        reporter_.notice("snapshot: " + path->get<std::string>());
    } else if (!result.value("ok", false)) {  // what worked shows in the status line
        reporter_.notice(result.value("errMsg", ""));
    }
}

void StreamCommand::onSignal(int signal) {
    if (signal == SIGTSTP) return suspend();
    if (interrupted_) {  // asked twice: nothing is waited for any more
        release();
        reporter_.endStatus();
        _exit(kOtherFailure);
    }
    interrupted_ = true;
    requestEnd(kDone);
}

void StreamCommand::suspend() {
    reporter_.endStatus();
    if (keys_) keys_->release();  // the shell gets its terminal as it was
    raise(SIGSTOP);               // the next tick takes the terminal again, when we are back in the foreground
}

}  // namespace program
