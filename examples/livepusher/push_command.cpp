// SPDX-License-Identifier: MIT
#include "push_command.hpp"

#include "secrets.hpp"
#include "status_line.hpp"

#include <cmath>
#include <utility>

namespace program {

namespace {

constexpr std::chrono::milliseconds kTick{250};

Json shownClips(const std::vector<std::string>& clips) {
    Json shown = Json::array();
    for (const auto& clip : clips) shown.push_back(hidePassword(clip));
    return shown;
}

bool isOver(livepusher::State state) { return state == livepusher::State::Idle || state == livepusher::State::Previewing; }

}  // namespace

PushCommand::PushCommand(PushArguments arguments) : StreamCommand(arguments.run), arguments_(std::move(arguments)) {}

PushCommand::~PushCommand() {
    release();
    context_.reset();
    finish();
}

livepusher::Handlers PushCommand::handlers() {
    auto handlers = livepusher::jsonHandlers([this](std::string_view, int, const std::string& line) { reporter_.json(line); });
    handlers.onStateChange = [this](const livepusher::StateChangeEvent& event) {
        noteFailure(event.code, event.message, event.targetId);
        reporter_.stateChange(event);
    };
    handlers.onError = [this](const livepusher::ErrorEvent& event) {
        noteFailure(event.errCode, event.errMsg, event.targetId);
        reporter_.error(event);
    };
    return handlers;
}

livepusher::ContextOptions PushCommand::contextOptions() {
    auto properties = arguments_.properties;
    properties.autopush = false;  // the command starts by itself in any case, and wants the result
    return {.properties = std::move(properties),
            .sources = arguments_.sources,
            .handlers = handlers(),
            .executor = executor(),
            .recordPath = run_.recordPath,
            .onSourceEnded = [this] { onSourceEnded(); },
            .window = {.enabled = arguments_.preview, .title = "livepusher", .width = 0, .height = 0},
            .alsoRead = arguments_.alsoRead};
}

ExitCode PushCommand::run() {
    context_ = std::make_unique<livepusher::LivePusherContext>(contextOptions());
    push_.emplace(*context_);
    if (!openControl(*push_)) return kBadArguments;
    const bool stdinIsSource = arguments_.sources.video.starts_with("raw:-") || arguments_.sources.audio.starts_with("pcm:-");
    if (!stdinIsSource && !run_.quiet && !run_.json) takeKeys();
    if (!arguments_.sourceNote.empty() && !run_.quiet) reporter_.problem(arguments_.sourceNote);
    const auto& properties = arguments_.properties;
    const auto shown = redactUrl(properties.url, !properties.streamKey.empty());
    if (shown != properties.url) reporter_.notice("connecting to " + shown);
    if (arguments_.keep) limitDuration();
    start();
    runLoop();

    const auto figures = context_->netStatus();
    reporter_.endStatus();
    exitCode_ = outcome();
    if (exitCode_ != kDone) reporter_.problem(failure_.empty() ? "pushing stopped" : failure_);
    if (!run_.quiet && began_) {
        const auto elapsed = EventLoop::Clock::now() - *began_;
        reporter_.problem(formatSummary(std::chrono::duration_cast<std::chrono::milliseconds>(elapsed), figures));
    }
    release();
    return exitCode_;
}

/// By now, after stop()'s answer, all is heard that it told.
ExitCode PushCommand::outcome() {
    if (endedItself_) {
        const auto why = exitCodeFor(failureCode_);
        return why == kDone ? kOtherFailure : why;
    }
    if (exitCode_ != kDone) return exitCode_;
    if (!sourceFailure_.empty()) {
        failure_ = sourceFailure_;
        return kSourceFailure;  // pushed, but not all of what was to be
    }
    if (!targetFailure_.empty()) {
        failure_ = targetFailure_;
        return kNetworkFailure;  // pushed, but not everywhere
    }
    // Pushed, and the recording that was asked for is missing or not whole.
    return failureCode_ == static_cast<int>(livepusher::Code::FileFailed) ? kOtherFailure : kDone;
}

void PushCommand::start() {
    targetFailure_.clear();  // each is tried again
    if (arguments_.bgmVolume) context_->setBGMVolume({.volume = *arguments_.bgmVolume});
    if (arguments_.micVolume) context_->setMICVolume({.volume = *arguments_.micVolume});
    context_->start({.success =
                         [this](const livepusher::MethodResult& result) {
                             reporter_.json(livepusher::toJson("start", result));
                             onStarted();
                         },
                     .fail =
                         [this](const livepusher::MethodResult& result) {
                             reporter_.json(livepusher::toJson("start", result));
                             onStartFailed(result);
                         }});
    if (arguments_.bgm.empty()) return;
    context_->playBGM({.url = arguments_.bgm,
                       .loop = arguments_.bgmLoop,
                       .complete = [this](const livepusher::MethodResult& result) {  // why one failed comes as an error event
                           reporter_.json(livepusher::toJson("playBGM", result));
                       }});
}

void PushCommand::onStarted() {
    starting_ = false;
    if (ending_) return;
    pushExpected_ = true;
    lastBegan_ = EventLoop::Clock::now();
    if (!began_) began_ = lastBegan_;
    limitDuration();
    if (sourceEnded_) requestEnd(kDone);
}

void PushCommand::onStartFailed(const livepusher::MethodResult& result) {
    starting_ = false;
    if (ending_) return;  // our own stop cancelled it
    constexpr std::string_view kPrefix = "start:fail ";
    failure_ = result.errMsg.starts_with(kPrefix) ? result.errMsg.substr(kPrefix.size()) : result.errMsg;
    if (arguments_.keep) return startAgain(result.errCode);
    requestEnd(exitCodeFor(result.errCode));
}

/// Of a push that ended without having been asked to: with --keep it is started again, when it has told why.
void PushCommand::noteEnd() {
    if (!arguments_.keep) return requestEnd(kOtherFailure);
    pushExpected_ = false;
    if (lastBegan_) restarts_.lasted(EventLoop::Clock::now() - *lastBegan_);
    loop_.after(kTick, [this] {
        if (!ending_) startAgain(failureCode_);
    });
}

void PushCommand::startAgain(int code) {
    const auto pause = restarts_.next(code);
    const auto why = failure_.empty() ? "pushing stopped" : failure_;
    if (!pause) return requestEnd(exitCodeFor(code));
    reporter_.problem(why + "; it starts again in " + std::to_string(pause->count()) + " s (--keep)");
    restarting_ = true;
    loop_.after(*pause, [this] {
        if (ending_ || !std::exchange(restarting_, false)) return;
        failureCode_ = 0;
        failure_.clear();
        sourceFailure_.clear();
        starting_ = true;
        // What has been recorded is kept: it goes on under the next free name.
        if (began_) context_->setProperty("overwrite", "false");
        start();
    });
}

void PushCommand::onSourceEnded() {
    sourceEnded_ = true;
    if (!starting_) requestEnd(kDone);  // else what was read still waits for the server: onStarted() ends it
}

void PushCommand::noteFailure(int code, const std::string& message, const std::string& targetId) {
    using enum livepusher::Code;
    const auto* info = livepusher::describeCode(code);
    if (info == nullptr) return;
    if (info->code == CameraReturned) sourceFailure_.clear();  // of a live URL, which is there again
    const bool ends = info->severity == livepusher::Severity::Failure || info->code == SuspendedTooLong;
    if (!ends || info->code == BgmFailed || info->code == WaitingImageFailed) return;  // these two never end a push
    failureCode_ = code;
    failure_ = message.empty() ? std::string(info->text) : message;
    if (info->code == SourceFailed) sourceFailure_ = failure_;
    if (info->code == ConnectionGivenUp) targetFailure_ = targetId + ": " + failure_;
}

void PushCommand::onTick() {
    const auto state = context_->state();
    if (hasEndedItself()) return noteEnd();
    const auto elapsed = began_ ? EventLoop::Clock::now() - *began_ : EventLoop::Clock::duration::zero();
    reporter_.status([&](int width) {
        return formatStatus(state, std::chrono::duration_cast<std::chrono::seconds>(elapsed), context_->netStatus(), width);
    });
}

void PushCommand::pressed(char key) {
    constexpr double kStep = 1.1;
    switch (key) {
        case 'q': return quit();
        case 'p': return call(*push_, context_->state() == livepusher::State::Paused ? "resume" : "pause");
        case 'm': return set(*push_, {{"muted", !context_->properties().muted}});
        case 's': return call(*push_, "snapshot");
        case '+': return changeBitrate(kStep);
        case '-': return changeBitrate(1 / kStep);
        case '?': return reporter_.notice("q quit  p pause/resume  m mute  s snapshot  + - bitrate  ? help");
        default: return;
    }
}

void PushCommand::changeBitrate(double factor) {
    const auto resolved = livepusher::resolve(context_->properties());
    const int wanted = static_cast<int>(std::lround(resolved.maxBitrate * factor));
    reporter_.notice("maxBitrate " + std::to_string(wanted) + " kbps");
    set(*push_, {{"maxBitrate", wanted}});
}

/// Without having been asked to; it tells why, but by another thread.
bool PushCommand::hasEndedItself() const { return pushExpected_ && !ending_ && isOver(context_->state()); }

void PushCommand::requestEnd(ExitCode code) {
    if (ending_) return;
    endedItself_ = hasEndedItself();
    ending_ = true;
    pushExpected_ = false;
    exitCode_ = code;
    context_->stop({.complete = [this](const livepusher::MethodResult& result) {
        reporter_.json(livepusher::toJson("stop", result));
        loop_.quit();
    }});
}

std::string describeConfig(const PushArguments& arguments) {
    const Json config{{"properties", shownProperties(arguments.properties)},
                      {"sources",
                       {{"video", hidePassword(arguments.sources.video)},
                        {"audio", hidePassword(arguments.sources.audio)},
                        {"playlist", shownClips(arguments.sources.playlist)},
                        {"fallback", hidePassword(arguments.sources.fallback)},
                        {"fallbackAudio", hidePassword(arguments.sources.fallbackAudio)},
                        {"loop", arguments.sources.loop}}},
                      {"resolved", Json::parse(livepusher::toJson(livepusher::resolve(arguments.properties)))}};
    return config.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace program
