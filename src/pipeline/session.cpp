// SPDX-License-Identifier: MIT
#include "pipeline/session.hpp"

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "capture/local_files.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

namespace livepusher::pipeline {

using namespace std::chrono_literals;
using capture::kindOf;
using capture::SourceKind;

namespace {

/// Time stamps begin a little above zero: an encoder's priming reaches before the first sample.
constexpr Timestamp kHeadroom = 100ms;

LaneSettings initialSettings(const Properties& properties) {
    const auto r = resolve(properties);
    return {.properties = properties, .resolved = r, .adapted = {r.maxBitrate, r.width, r.height}};
}

}  // namespace

Session::Session(ContextOptions& options, Stages stages, session::ControlLoop& control, Events& events)
    : sources_(options.sources),
      recordPath_(options.recordPath),
      alsoRead_(options.alsoRead),
      onSourceEnded_(options.onSourceEnded),
      stages_(std::move(stages)),
      control_(control),
      events_(events),
      settings_(validate(options.properties) ? initialSettings(options.properties)
                                             : LaneSettings{.properties = options.properties, .resolved = {}},
                *this),
      soundCodecs_(!recordPath_.empty()),
      preview_({.window = options.window, .makeWindow = stages_.window}, control, events, *this),
      renderHooks_(options.customRender),
      suspension_(stages_.loadPicture, control, events, settings_, *this),
      adaptation_(control, events, *this),
      audio_(stages_.music, control, events, settings_, lanes_),
      replays_(stages_.publisher, events),
      lanes_(stages_, options.sources, control, events, settings_.latest(),
             {.packets = *this,
              .preview = preview_.watched() ? &preview_ : nullptr,
              .music = audio_.music().feed(),
              .observer = *this}),
      camera_(lanes_, control, settings_),
      pictures_(lanes_, preview_, settings_),
      status_(control, events, {phase_, settings_, lanes_, adaptation_, renderHooks_, preview_}) {
    if (options.properties.debug) setLogLevel(LogLevel::Debug);
    control_.onNoMemory([this] {
        if (isActive(phase_) || startReply_) fail({Code::InternalFailure, "out of memory"});
    });
}

Session::~Session() { stop(); }

bool Session::move(Input input) {
    const auto to = next(phase_, input);
    if (to) phase_ = *to;
    status_.show();
    return to.has_value();
}

// --- lanes -----------------------------------------------------------------------------------

std::vector<Adaptation::Reading> Session::readings() const {
    std::vector<Adaptation::Reading> readings;
    if (!push_) return readings;
    for (const auto* target : push_->targets().steering(settings_.get()->properties.steer))
        readings.push_back({.targetId = target->id(),
                            .link = target->link().statistics(),
                            .queue = target->queued(),
                            .videoBytes = lanes_.video() ? lanes_.video()->counters().bytes.load() : 0});
    return readings;
}

void Session::adapt(const Adapted& adapted) {
    settings_.update([&](LaneSettings& s) { s.adapted = adapted; });
}

Result<void> Session::openLanes() {
    const bool rendered = settings_.get()->properties.enableVideoCustomRender;
    if (rendered && !renderHooks_.any())
        return Error{Code::InvalidArgument, "enableVideoCustomRender is on, but ContextOptions::customRender has no handler"};
    if (auto opened = lanes_.open(rendered ? &renderHooks_ : nullptr); !opened) return opened;
    followPreview();
    return {};
}

void Session::followPreview() { preview_.follow(*settings_.get(), lanes_.videoKind()); }

void Session::settingsChanged() {
    followPreview();
    lanes_.settingsChanged();
}

void Session::sourcesEnded() {
    if (onSourceEnded_) events_.call(onSourceEnded_);
}

void Session::take(Packet packet) {
    bool wantKey = false;
    {
        std::shared_lock lock(pushMutex_);
        if (!push_) return;
        if (packet.rendition == 0) replays_.keep(packet);
        wantKey = push_->deliver(std::move(packet));
    }
    if (wantKey) lanes_.forceKey();
}

// --- push ------------------------------------------------------------------------------------

void Session::start(session::Reply reply) {
    const auto settings = settings_.get();
    if (auto valid = check(settings->properties); !valid) return reply(valid);
    if (settings->properties.url.empty()) return reply(Error{Code::InvalidArgument, "start: url is not set"});
    if (const auto url = base::Url::parse(settings->properties.url, settings->properties.streamKey); !url)
        return reply(url.error());
    if (auto possible = preview_.check(); !possible) return reply(possible);
    auto outputs = Outputs::of(settings->properties, recordPath_, inputs(settings->properties));
    if (auto safe = outputs.check(); !safe) return reply(safe);
    // A preview's: this push is to have no video track, or a source in it is dead.
    if ((lanes_.video() && !settings->properties.enableCamera) || lanes_.broken()) lanes_.close();

    move(Input::Start);
    startReply_ = std::move(reply);
    if (auto begun = base::attempt([&] { beginPush(std::move(outputs)); }); !begun) return fail(begun.error());
    if (tracks(settings->properties).audio) audio_.begin();
    preview_.reopen();
    settings_.update([this](LaneSettings& s) {
        s.encode = s.preview = true;
        s.origin = now() - kHeadroom;
        s.captureOrigin.reset();
        if (s.properties.captureClock) s.captureOrigin = base::utcAt(s.origin);
        s.audioCodecs = soundCodecs_.wanted(s.properties);
        auto adapting = tracks(s.properties);
        adapting.video = adapting.video && !comesCoded();  // what is coded elsewhere has the bitrate it has
        s.adapted = adaptation_.begin(s, adapting);
        s.renditions = push_->targets().renditions();
    });
    suspension_.follow(true, true);
    if (!lanes_)
        if (auto opened = openLanes(); !opened) return fail(opened.error());
    answerPendingStarts();  // a preview has opened them all
    status_.begin(*push_);
}

Adaptation::Tracks Session::tracks(const Properties& properties) const {
    return {.video = properties.enableCamera && kindOf(sources_.video) != SourceKind::None,
            .audio = kindOf(sources_.audio) != SourceKind::None};
}

bool Session::comesCoded() const { return kindOf(sources_.video) == SourceKind::Coded; }

InputPaths Session::inputs(const Properties& properties) const {
    return [sources = sources_, others = otherInputs(properties, audio_.musicUrl(), alsoRead_)] {
        auto paths = capture::localFiles(sources);
        paths.insert(paths.end(), others.begin(), others.end());
        return paths;
    };
}

void Session::beginPush(Outputs outputs) {
    const auto p = settings_.get()->properties;
    pushLife_.renew();
    soundCodecs_.begin();
    status_.restart();
    replays_.begin(p);
    auto push = std::make_unique<Push>(
        stages_, control_, events_, p,
        Push::Settings{.outputs = std::move(outputs), .tracks = {.video = tracks(p).video, .audio = tracks(p).audio}}, lanes_,
        *this);
    std::unique_lock lock(pushMutex_);
    push_ = std::move(push);
}

/// The push ends with it: not from inside it.
void Session::gaveUp(const Error& cause) {
    control_.post(pushLife_.guard([this, cause] { endPush(false, &cause); }));
}

void Session::renditionsChanged() {
    if (!push_) return;
    const auto& wanted = push_->targets().renditions();
    if (wanted != settings_.get()->renditions) settings_.update([&](LaneSettings& s) { s.renditions = wanted; });
}

bool Session::fallBack(bool pictures, bool sound) {
    if (pictures && (settings_.get()->properties.replaySeconds > 0 || !lanes_.encodeAsH264())) return false;
    if (sound) {
        soundCodecs_.fallBack();
        settings_.update([this](LaneSettings& s) { s.audioCodecs = soundCodecs_.wanted(s.properties); });
    }
    return true;
}

void Session::published() {
    move(Input::Connected);
    audio_.live();
    control_.post(pushLife_.guard([this] { answerPendingStarts(); }));  // after Code::PushBegan
}

void Session::connected(const TargetPush& target) {
    const auto steering = push_->targets().steering(settings_.get()->properties.steer);
    if (std::ranges::find(steering, &target) != steering.end()) adaptation_.published(target.id());
}

/// What waits for the sources goes on.
void Session::answerPendingStarts() {
    if (!lanes_.ready()) return;
    if (push_) push_->sourcesOpen();
    answerPreview({});
    if (startReply_ && push_ && push_->targets().everPublished()) std::exchange(startReply_, {})({});
}

void Session::answerPreview(const Result<void>& outcome) {
    for (auto& reply : std::exchange(previewReplies_, {})) reply(outcome);
}

void Session::fail(const Error& error) {
    events_.error(error);
    endPush(true, &error);
}

void Session::endPush(bool inOrder, const Error* cause) {
    pushLife_.renew();
    adaptation_.end();
    auto last = push_ ? std::optional(status_.totals(*push_)) : std::nullopt;
    lanes_.close();  // what the encoders still hold comes out and is queued
    replays_.end();
    camera_.end();
    audio_.end();
    if (push_) {
        push_->finish(inOrder);
        status_.end(std::move(*last), *push_);
        std::unique_ptr<Push> over;
        std::unique_lock lock(pushMutex_);
        over.swap(push_);
    }
    settings_.update([this](LaneSettings& s) {
        s.encode = s.preview = s.suspension.paused = false;
        s.camera = {};
        s.renditions.clear();
        s.adapted = adaptation_.follow(s);  // a preview has the full size
    });
    move(cause ? Input::GaveUp : Input::Stop);
    suspension_.follow(false, false);
    const Result<void> outcome = cause ? *cause : Error{Code::Cancelled, "overtaken by stop()"};
    if (startReply_) std::exchange(startReply_, {})(outcome);
    answerPreview(outcome);
}

void Session::stop() { endPush(true, nullptr); }

void Session::saveReplay(const std::string& path, session::Reply reply) {
    replays_.save(path, inputs(settings_.get()->properties), std::move(reply));
}

void Session::autopush() {
    const auto settings = settings_.get();
    if (!settings->resolved.autopush || settings->properties.url.empty() || isActive(phase_)) return;
    start([](const Result<void>& started) {
        if (!started) base::log(LogLevel::Error, "autopush: " + started.error().message);
    });
}

// --- pause -------------------------------------------------------------------------------------

void Session::suspensionChanged() {
    audio_.follow();
    answerPendingStarts();
}

Result<void> Session::pause() {
    move(Input::Pause);
    suspension_.setPaused(true);
    return {};
}

Result<void> Session::resume() {
    move(Input::Resume);
    suspension_.setPaused(false);
    return {};
}

// --- preview -----------------------------------------------------------------------

void Session::startPreview(session::Reply reply) {
    const auto settings = settings_.get();
    if (auto valid = check(settings->properties); !valid) return reply(valid);
    if (!settings->properties.enableCamera) return reply(Error{Code::InvalidState, "startPreview: enableCamera is false"});
    if (comesCoded())
        return reply(Error{Code::InvalidState, "startPreview: the source \"coded\" is not decoded; there is nothing to show"});
    if (isActive(phase_) && !lanes_.video()) return reply(Error{Code::InvalidState, "startPreview: this push has no picture"});
    if (auto possible = preview_.check(); !possible) return reply(possible);
    move(Input::StartPreview);
    preview_.reopen();
    settings_.update([](LaneSettings& s) { s.preview = true; });
    previewReplies_.push_back(std::move(reply));
    if (lanes_.video()) return answerPendingStarts();
    suspension_.follow(true, false);
    if (auto opened = openLanes(); !opened) return fail(opened.error());
    answerPendingStarts();
}

Result<void> Session::stopPreview() {
    if (phase_ == Phase::Previewing) {
        endPush(true, nullptr);
    } else {  // the push goes on
        settings_.update([](LaneSettings& s) { s.preview = false; });
    }
    return {};
}

void Session::hostNavigated(PictureInPictureEvent event, session::Reply reply) {
    preview_.hostNavigated(event, settings_.get()->properties.pictureInPictureMode, std::move(reply));
}

}  // namespace livepusher::pipeline
