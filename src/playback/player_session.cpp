// SPDX-License-Identifier: MIT
#include "playback/player_session.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "properties/network.hpp"
#include "properties/play_url.hpp"
#include "properties/table.hpp"

namespace livepusher::playback {

namespace {

std::chrono::microseconds processCpu() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto time = [](const timeval& t) { return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec); };
    return time(usage.ru_utime) + time(usage.ru_stime);
}

std::chrono::milliseconds milliseconds(double seconds) { return std::chrono::milliseconds(std::lround(seconds * 1000)); }

PlayerState publicState(const PlayState& state) {
    if (isActive(state) && state.paused) return PlayerState::Paused;
    switch (state.stage) {
        case Stage::Idle: return PlayerState::Idle;
        case Stage::Connecting: return PlayerState::Connecting;
        case Stage::Loading: return PlayerState::Loading;
        case Stage::Playing: return PlayerState::Playing;
        case Stage::Ended: break;
    }
    return PlayerState::Ended;
}

std::string hex(const std::vector<std::uint8_t>& bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const auto byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

}  // namespace

PlayerSession::PlayerSession(PlayerOptions& options, PlayerStages stages, session::ControlLoop& control, PlayerEvents& events)
    : stages_(std::move(stages)),
      resolveUrl_(std::move(options.resolveUrl)),
      recordPath_(std::move(options.recordPath)),
      control_(control),
      events_(events),
      properties_(options.properties),
      view_({.window = options.window, .makeWindow = stages_.window}, control, events, *this),
      snapshots_(stages_.writePicture) {
    if (options.properties.debug) setLogLevel(LogLevel::Debug);
    view_.follow(options.properties);
    if (events.handlers().onAudioBlock) heard_ = std::make_unique<HeardSound>(events.handlers().onAudioBlock);
    control_.onNoMemory([this] {
        if (play_ || startReply_) playGaveUp({Code::InternalFailure, "out of memory"});
    });
}

PlayerSession::~PlayerSession() { stop(true); }

bool PlayerSession::move(PlayInput input) {
    const auto to = next(state_, input);
    if (to) state_ = *to;
    public_ = publicState(state_);
    view_.tell(public_, *status_.get());
    return to.has_value();
}

void PlayerSession::answerStart(const Result<void>& outcome) {
    if (startReply_) std::exchange(startReply_, {})(outcome);
}

// --- from start to end -------------------------------------------------------------------------------

Result<PlayLink::Settings> PlayerSession::linkSettings(const PlayerProperties& p) const {
    PlayLink::Settings settings;
    if (resolveUrl_) {
        settings.resolve = [resolve = resolveUrl_, playUrl = p.playUrl]() -> Result<base::Url> {
            auto address = resolve(playUrl);
            if (!address) return Error{Code::PlayUrlUnresolved, "resolveUrl: " + address.error().message};
            return properties::parsePlayUrl(*address);
        };
    } else {
        if (p.playUrl.empty()) return Error{Code::InvalidArgument, "playUrl is not set: there is nothing to play"};
    }
    auto url = properties::parsePlayUrl(p.playUrl);
    if (url)
        settings.url = std::move(*url);
    else if (!resolveUrl_)
        return url.error();
    settings.reconnect = *base::ReconnectSpec::parse(p.reconnect);
    settings.subscriber.network = properties::networkOf(p);
    settings.subscriber.enhancedRtmp = p.enhancedRtmp;
    settings.subscriber.dataTimeout = milliseconds(p.dataTimeout);
    settings.subscriber.buffer = std::max(milliseconds(resolve(p).minCache), std::chrono::milliseconds(100));
    return settings;
}

void PlayerSession::start(Reply reply) {
    const auto properties = *properties_.get();
    if (auto valid = validate(properties); !valid) return reply(valid);
    auto link = linkSettings(properties);
    if (!link) return reply(link.error());
    if (auto shown = view_.check(); !shown) return reply(shown);
    endPlay();
    move(PlayInput::Start);
    startReply_ = std::move(reply);
    decoder_.clear();
    shown_ = false;
    glass_.restart();
    meter_ = {};
    view_.open();
    const auto begun = base::attempt([&] {
        if (!recordPath_.empty()) recording_ = record(link->url);
        play_ = std::make_unique<Play>(stages_, std::move(*link), properties, background_, control_,
                                       static_cast<PlayObserver&>(*this));
        follow();
    });
    if (!begun) return playGaveUp(begun.error());
    report();
    reportVolume();
}

std::unique_ptr<PlayRecording> PlayerSession::record(const base::Url& from) {
    std::vector<std::string> inputs;
    if (from.isFile()) inputs.push_back(from.path());
    return std::make_unique<PlayRecording>(stages_.flvFile(), recordPath_, std::move(inputs),
                                           static_cast<PlayRecordingObserver&>(*this));
}

void PlayerSession::stop(bool clearLastFrame) {
    const bool was = play_ != nullptr;
    if (was) publishStatus();
    endPlay();
    move(PlayInput::Stop);
    pausedByHost_ = false;
    view_.close(clearLastFrame);
    if (was) publishStatus();
    answerStart(Error{Code::Cancelled, "start: a later stop() overtook it"});
}

void PlayerSession::endPlay() {
    current_.renew();
    play_.reset();
    recording_.reset();
}

/// Called by the play itself, which can't go while it does so.
void PlayerSession::endLater() {
    publishStatus();
    control_.post(current_.guard([this] { endPlay(); }));
}

void PlayerSession::autoplay() {
    const auto properties = properties_.get();
    if (!properties->autoplay || properties->playUrl.empty() || isActive(state_)) return;
    start([](const Result<void>& started) {
        if (!started) base::log(LogLevel::Error, "autoplay: " + started.error().message);
    });
}

// --- what the play tells -------------------------------------------------------------------------------

void PlayerSession::playCode(Code code, std::string message) {
    const auto* info = describeCode(static_cast<int>(code));
    if (info && info->event != CodeEvent::State) return events_.error({code, std::move(message)});
    events_.code(code, std::move(message));
}

void PlayerSession::playBegan() {
    move(PlayInput::Connected);  // media that came before the connection was lost can be played without one
    move(PlayInput::Ready);
    events_.code(Code::PlayBegan, "playing");
    answerStart({});
}

void PlayerSession::playStalled() {
    if (!move(PlayInput::Empty)) return;
    events_.code(Code::PlayLoading, "nothing is left to play: loading");
}

void PlayerSession::playEnded() {
    move(PlayInput::StreamEnd);
    move(PlayInput::Empty);
    state_ = {.stage = Stage::Ended};
    public_ = PlayerState::Ended;
    events_.code(Code::PlayEnded, "the stream has been played to its end");
    answerStart(Error{Code::ServerClosed, "start: the stream ended before anything could be played"});
    endLater();
}

void PlayerSession::playGaveUp(const Error& why) {
    move(PlayInput::GaveUp);
    events_.error(why);
    answerStart(Error{why.code, "start: " + why.message, why.native, why.permanent});
    view_.close(false);
    endLater();
}

void PlayerSession::pictureDue(const decode::Picture& picture) {
    view_.show(picture.frame);
    if (!shown_.exchange(true)) events_.code(Code::FirstFrameShown, "the first picture is shown");
    glass_.shown(picture, now());
    for (const auto& data : picture.userData) {
        if (!data.ours && base::isCaptureTime(data.bytes)) continue;
        events_.code(Code::MessageReceived, data.ours ? std::string(data.bytes.begin(), data.bytes.end()) : hex(data.bytes));
        events_.tell(&PlayerHandlers::onMessage, PlayerMessageEvent{data.ours, data.bytes});
    }
}

void PlayerSession::soundGiven(const std::vector<float>& samples, std::optional<Timestamp> heardAt) {
    if (heard_) heard_->give(samples, heardAt.value_or(now()));
}

void PlayerSession::mediaCame(const Packet& packet) {
    if (recording_) recording_->write(packet);
}

void PlayerSession::recordingCode(Code code, std::string message) { events_.code(code, std::move(message)); }

void PlayerSession::recordingFailed(Error why) { events_.error(why); }

void PlayerSession::windowClosed() { events_.tell(&PlayerHandlers::onWindowClosed); }

// --- the user ------------------------------------------------------------------------------------------

Result<void> PlayerSession::pause() {
    move(PlayInput::Pause);
    if (play_) play_->setPaused(true);
    return {};
}

Result<void> PlayerSession::resume() {
    pausedByHost_ = false;
    move(PlayInput::Resume);
    if (play_) play_->setPaused(false);
    return {};
}

Result<void> PlayerSession::mute(std::optional<bool> muted) {
    auto properties = *properties_.get();
    properties.muted = muted.value_or(!properties.muted);
    return update(properties);
}

void PlayerSession::snapshot(SnapshotQuality quality, SnapshotSource source, bool toFile, session::Snapshots::Reply reply) {
    auto frame = view_.lastShown();
    if (!frame) return reply(Error{Code::InvalidState, "snapshot: there is no picture yet"});
    if (source == SnapshotSource::view) frame = view_.turned(frame);
    if (!toFile) return reply(session::Snapshots::resultOf(frame));
    snapshots_.take(std::move(frame), quality, properties_.get()->snapshotDirectory, std::move(reply));
}

Result<void> PlayerSession::setBackground(bool on) {
    if (background_ == on)
        return Error{Code::InvalidState, on ? "the player is in the background already" : "the player is not in the background"};
    background_ = on;
    follow();
    return {};
}

void PlayerSession::hostNavigated(PictureInPictureEvent event, Reply reply) {
    const auto properties = properties_.get();
    if (std::ranges::find(properties->pictureInPictureMode, event) != properties->pictureInPictureMode.end() &&
        isActive(state_)) {
        if (view_.inPictureInPicture()) return reply({});
        return enterPictureInPicture(std::move(reply));
    }
    reply(hostPause(event == PictureInPictureEvent::push && properties->autoPauseIfNavigate));
}

Result<void> PlayerSession::hostOpenedNative() {
    return hostPause(properties_.get()->autoPauseIfOpenNative && !view_.inPictureInPicture());
}

Result<void> PlayerSession::hostPause(bool wanted) {
    if (!wanted || !isActive(state_) || state_.paused) return {};
    auto paused = pause();
    pausedByHost_ = true;
    return paused;
}

Result<void> PlayerSession::hostReturned() { return pausedByHost_ ? resume() : Result<void>(); }

// --- properties -----------------------------------------------------------------------------------------

Result<void> PlayerSession::update(const PlayerProperties& after) {
    const auto before = *properties_.get();
    if (after == before) return {};
    if (auto valid = validate(after); !valid) return valid;
    if (const auto* row = properties::changedForSession(before, after); row && isActive(state_))
        return Error{Code::InvalidState, std::string(row->name) + ": can't change while it plays; stop() first"};
    properties_.publish(after);
    if (after.debug) setLogLevel(LogLevel::Debug);
    view_.follow(after);
    follow();
    autoplay();
    return {};
}

void PlayerSession::follow() {
    if (play_) play_->follow(*properties_.get(), background_, view_.inPictureInPicture());
}

// --- figures --------------------------------------------------------------------------------------------

void PlayerSession::publishStatus() {
    if (play_) {
        auto status = meter_.measure({.figures = play_->figures(),
                                      .at = now(),
                                      .cpu = processCpu(),
                                      .playing = state_.stage == Stage::Playing,
                                      .reconnecting = state_.reconnecting,
                                      .decoder = decoder_});
        if (const auto delay = glass_.delay())
            status.glassDelay =
                static_cast<int>(std::lround(static_cast<double>(delay->count()) / 1000 - properties_.get()->clockOffset * 1000));
        status_.publish(std::move(status));
    }
    view_.tell(public_, *status_.get());
}

void PlayerSession::report() {
    publishStatus();
    if (!isActive(state_)) return;
    events_.tell(&PlayerHandlers::onNetStatus, PlayerNetStatusEvent{*status_.get()});
    control_.postAfter(milliseconds(properties_.get()->netStatusInterval), current_.guard([this] { report(); }));
}

void PlayerSession::reportVolume() {
    if (!play_ || !isActive(state_)) return;
    if (state_.stage == Stage::Playing) events_.tell(&PlayerHandlers::onAudioVolumeNotify, play_->soundLevel());
    control_.postAfter(std::chrono::milliseconds(properties_.get()->audioVolumeInterval),
                       current_.guard([this] { reportVolume(); }));
}

}  // namespace livepusher::playback
