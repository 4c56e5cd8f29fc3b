// SPDX-License-Identifier: MIT
#include "pipeline/background_music.hpp"

namespace livepusher::pipeline {

using namespace std::chrono_literals;

namespace {

constexpr auto kLook = 50ms;   // between two looks at what the lane has done
constexpr auto kTell = 400ms;  // between two onBgmProgress: twice a second is promised

std::int64_t milliseconds(Timestamp time) { return time.count() / 1000; }

}  // namespace

BackgroundMusic::BackgroundMusic(Stages::MakeMusic make, session::ControlLoop& control, Events& events)
    : make_(std::move(make)), control_(control), events_(events) {}

void BackgroundMusic::begin(base::AudioFormat format) {
    format_ = format;
    feed_.begin(format_);
    open_ = true;
    paused_ = false;
    hold(true);
}

void BackgroundMusic::end() {
    if (!open_) return;
    open_ = false;
    const Error over{Code::Cancelled, "overtaken by stop()"};
    if (loading_) answer(std::exchange(loading_, {}), over);
    answerSeeks(over);
    feed_.begin(format_);  // lets go of what it has
    playing_.reset();
    leaving_.clear();
}

/// Answers whoever waits for it to be loaded.
void BackgroundMusic::answer(const std::shared_ptr<Piece>& piece, const Result<void>& outcome) {
    if (const auto reply = std::exchange(piece->reply, {})) reply(outcome);
    if (outcome) return;
    for (const auto& [to, reply] : std::exchange(piece->seeks, {})) reply(outcome);
}

void BackgroundMusic::hold(bool on) {
    held_ = on;
    feed_.pause(held_ || paused_);
}

void BackgroundMusic::play(capture::MusicSettings settings, session::Reply reply) {
    if (!open_) return reply(Error{Code::InvalidState, "playBGM: this push has no sound track"});
    if (loading_) answer(std::exchange(loading_, {}), Error{Code::Cancelled, "overtaken by another playBGM()"});
    paused_ = false;
    settings.wanted = format_;
    loading_ = std::make_shared<Piece>();
    loading_->reply = std::move(reply);
    const auto weak = std::weak_ptr(loading_);
    loading_->music = make_(std::move(settings), {.onReady = control_.bind(alive_,
                                                                           [this, weak](Timestamp) {
                                                                               if (const auto piece = weak.lock()) loaded(piece);
                                                                           }),
                                                  .onFailed = control_.bind(alive_, [this, weak](const Error& error) {
                                                      if (const auto piece = weak.lock()) failed(piece, error);
                                                  })});
}

void BackgroundMusic::loaded(const std::shared_ptr<Piece>& piece) {
    if (piece != loading_ || piece->loaded) return;
    piece->loaded = true;
    if (playing_) leaving_.push_back(std::move(playing_->music));
    playing_ = std::move(loading_);
    answerSeeks(Error{Code::Cancelled, "overtaken by another playBGM()"});
    feed_.pause(held_ || paused_);
    feed_.play(playing_->music);
    for (auto& [to, reply] : std::exchange(playing_->seeks, {})) seeks_.push_back({feed_.seek(to), std::move(reply)});
    lastTold_ = {};
    answer(playing_, {});
    watch();
}

void BackgroundMusic::failed(const std::shared_ptr<Piece>& piece, const Error& error) {
    piece->failed = true;
    events_.error(error);
    if (!piece->reply) return;  // it plays: what has come of it is heard
    if (piece == loading_) loading_.reset();
    answer(piece, error);
}

Result<void> BackgroundMusic::needMusic() const {
    if (playing_ || loading_) return {};
    return Error{Code::InvalidState, "there is no music; playBGM() first"};
}

Result<void> BackgroundMusic::pause() {
    if (auto music = needMusic(); !music) return music;
    if (paused_) return Error{Code::InvalidState, "the music is paused already"};
    paused_ = true;
    feed_.pause(true);
    return {};
}

Result<void> BackgroundMusic::resume() {
    if (auto music = needMusic(); !music) return music;
    if (!paused_) return Error{Code::InvalidState, "the music is not paused"};
    paused_ = false;
    feed_.pause(held_);
    return {};
}

Result<void> BackgroundMusic::stop() {
    if (auto music = needMusic(); !music) return music;
    if (loading_) answer(std::exchange(loading_, {}), Error{Code::Cancelled, "overtaken by stopBGM()"});
    if (!playing_) return {};
    endPlaying();
    answerSeeks(Error{Code::Cancelled, "overtaken by stopBGM()"});
    watch();
    return {};
}

void BackgroundMusic::endPlaying() {
    feed_.play(nullptr);
    leaving_.push_back(std::move(playing_->music));
    playing_.reset();
}

void BackgroundMusic::seek(Timestamp to, session::Reply reply) {
    if (auto music = needMusic(); !music) return reply(music);
    if (loading_) return loading_->seeks.emplace_back(to, std::move(reply)), void();
    seeks_.push_back({feed_.seek(to), std::move(reply)});
    watch();
}

void BackgroundMusic::answerSeeks(const std::optional<Error>& otherwise) {
    const auto done = feed_.progress();
    for (auto seek = seeks_.begin(); seek != seeks_.end();) {
        if (seek->number > done.sought && !otherwise) {
            ++seek;
            continue;
        }
        const auto reply = std::move(seek->reply);
        const bool last = seek->number == done.sought;
        seek = seeks_.erase(seek);
        if (last && done.error)
            reply(*done.error);
        else if (last || !otherwise)
            reply({});  // a later one has taken its place, and went well or tells itself
        else
            reply(*otherwise);
    }
}

/// Looks at what the lane has done, as long as there is something to see.
void BackgroundMusic::watch() {
    if (std::exchange(watching_, true)) return;
    control_.postAfter(kLook, alive_.guard([this] {
        watching_ = false;
        follow();
    }));
}

void BackgroundMusic::follow() {
    answerSeeks(std::nullopt);
    std::erase_if(leaving_, [](const auto& music) { return music.use_count() == 1; });
    if (playing_) {
        if (!playing_->told && feed_.progress().started) {
            playing_->told = true;
            events_.tell(&Handlers::onBgmStart);
        }
        const auto clock = session::ControlLoop::Clock::now();
        if (playing_->told && clock - lastTold_ >= kTell) {
            lastTold_ = clock;
            const auto& music = *playing_->music;
            events_.tell(&Handlers::onBgmProgress,
                         BgmProgressEvent{milliseconds(music.position()), milliseconds(music.duration())});
        }
        if (feed_.progress().over && seeks_.empty()) {
            if (!playing_->failed) events_.tell(&Handlers::onBgmComplete);
            endPlaying();
        }
    }
    if (playing_ || !leaving_.empty() || !seeks_.empty()) watch();
}

}  // namespace livepusher::pipeline
