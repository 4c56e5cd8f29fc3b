// SPDX-License-Identifier: MIT
#include "play_command.hpp"

#include "secrets.hpp"
#include "status_line.hpp"

#include <livepusher/player_json.hpp>

#include <utility>

namespace program {

namespace {

bool isOver(livepusher::PlayerState state) {
    return state == livepusher::PlayerState::Idle || state == livepusher::PlayerState::Ended;
}

}  // namespace

PlayCommand::PlayCommand(PlayArguments arguments) : StreamCommand(arguments.run), arguments_(std::move(arguments)) {}

PlayCommand::~PlayCommand() {
    release();
    context_.reset();
    finish();
}

livepusher::PlayerHandlers PlayCommand::handlers() {
    auto handlers =
        livepusher::jsonPlayerHandlers([this](std::string_view, int, const std::string& line) { reporter_.json(line); });
    handlers.onStateChange = [this](const livepusher::StateChangeEvent& event) {
        reporter_.stateChange(event);
        noteCode(event.code, event.message);
    };
    handlers.onError = [this](const livepusher::ErrorEvent& event) {
        reporter_.error(event);
        noteCode(event.errCode, event.errMsg);
    };
    handlers.onFullScreenChange = [this](const livepusher::FullScreenChangeEvent& event) {
        fullScreen_ = event.fullScreen;
        reporter_.json(livepusher::toJson(event));
    };
    handlers.onWindowClosed = [this] {
        reporter_.json(livepusher::plainEventJson("windowclosed"));
        requestEnd(kDone);
    };
    return handlers;
}

ExitCode PlayCommand::run() {
    auto properties = arguments_.properties;
    properties.autoplay = false;  // the command starts by itself in any case, and wants the result
    livepusher::PlayerOptions options;
    options.properties = std::move(properties);
    options.handlers = handlers();
    options.executor = executor();
    options.window = {.enabled = arguments_.window, .title = "livepusher", .width = 0, .height = 0};
    options.recordPath = run_.recordPath;
    context_ = std::make_unique<livepusher::LivePlayerContext>(std::move(options));
    player_.emplace(*context_);
    if (!openControl(*player_)) return kBadArguments;
    if (!run_.quiet && !run_.json) takeKeys();
    if (!arguments_.windowNote.empty() && !run_.quiet) reporter_.problem(arguments_.windowNote);
    const auto shown = redactUrl(arguments_.properties.playUrl);
    if (shown != arguments_.properties.playUrl) reporter_.notice("connecting to " + shown);
    start();
    runLoop();

    const auto figures = context_->netStatus();
    reporter_.endStatus();
    exitCode_ = outcome();
    if (exitCode_ != kDone) reporter_.problem(failure_.empty() ? "playing stopped" : failure_);
    if (!run_.quiet && began_) {
        const auto elapsed = EventLoop::Clock::now() - *began_;
        reporter_.problem(formatSummary(std::chrono::duration_cast<std::chrono::milliseconds>(elapsed), figures));
    }
    release();
    return exitCode_;
}

void PlayCommand::start() {
    context_->start({.success =
                         [this](const livepusher::MethodResult& result) {
                             reporter_.json(livepusher::toJson("start", result));
                             starting_ = false;
                             if (ending_) return;
                             playExpected_ = true;
                             began_ = EventLoop::Clock::now();
                             limitDuration();
                         },
                     .fail =
                         [this](const livepusher::MethodResult& result) {
                             reporter_.json(livepusher::toJson("start", result));
                             onStartFailed(result);
                         }});
}

void PlayCommand::onStartFailed(const livepusher::MethodResult& result) {
    starting_ = false;
    if (ending_) return;  // our own stop cancelled it
    constexpr std::string_view kPrefix = "start:fail ";
    failure_ = result.errMsg.starts_with(kPrefix) ? result.errMsg.substr(kPrefix.size()) : result.errMsg;
    requestEnd(exitCodeFor(result.errCode));
}

void PlayCommand::noteCode(int code, const std::string& message) {
    const auto* info = livepusher::describeCode(code);
    if (info == nullptr) return;
    // A start that is still open is answered behind this, and tells more.
    if (info->code == livepusher::Code::PlayEnded && !starting_) return requestEnd(kDone);
    if (info->severity != livepusher::Severity::Failure) return;
    failureCode_ = code;
    failure_ = message.empty() ? std::string(info->text) : message;
}

void PlayCommand::onTick() {
    const auto state = context_->state();
    // Without having been asked to.
    if (playExpected_ && !ending_ && isOver(state))
        return requestEnd(failureCode_ == 0 ? kOtherFailure : exitCodeFor(failureCode_));
    const auto elapsed = began_ ? EventLoop::Clock::now() - *began_ : EventLoop::Clock::duration::zero();
    reporter_.status([&](int width) {
        return formatStatus(state, std::chrono::duration_cast<std::chrono::seconds>(elapsed), context_->netStatus(), width);
    });
}

void PlayCommand::pressed(char key) {
    switch (key) {
        case 'q': return quit();
        case 'p': return call(*player_, context_->state() == livepusher::PlayerState::Paused ? "resume" : "pause");
        case 'm': return call(*player_, "mute");
        case 'f': return call(*player_, fullScreen_ ? "exitFullScreen" : "requestFullScreen");
        case 's': return call(*player_, "snapshot");
        case '?': return reporter_.notice("q quit  p pause/resume  m mute  f full screen  s snapshot  ? help");
        default: return;
    }
}

void PlayCommand::requestEnd(ExitCode code) {
    if (ending_) return;
    ending_ = true;
    exitCode_ = code;
    context_->stop({.complete = [this](const livepusher::MethodResult& result) {
        reporter_.json(livepusher::toJson("stop", result));
        loop_.quit();
    }});
}

/// By now, after stop()'s answer, all is heard that it told.
ExitCode PlayCommand::outcome() {
    if (exitCode_ != kDone) return exitCode_;
    // Played, and the recording that was asked for is missing or not whole.
    return failureCode_ == static_cast<int>(livepusher::Code::FileFailed) ? kOtherFailure : kDone;
}

std::string describeConfig(const PlayArguments& arguments) {
    const Json config{{"properties", shownProperties(arguments.properties)},
                      {"window", arguments.window},
                      {"resolved", Json::parse(livepusher::toJson(livepusher::resolve(arguments.properties)))}};
    return config.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace program
