// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/calls.hpp>
#include <livepusher/player_options.hpp>

#include "base/latest.hpp"
#include "playback/glass_clock.hpp"
#include "playback/heard_audio.hpp"
#include "playback/play.hpp"
#include "playback/play_recording.hpp"
#include "playback/play_state.hpp"
#include "playback/play_view.hpp"
#include "playback/player_meter.hpp"
#include "playback/stages.hpp"
#include "session/control_loop.hpp"
#include "session/events.hpp"
#include "session/reply.hpp"
#include "session/snapshots.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace livepusher::playback {

using PlayerEvents = session::Events<PlayerHandlers>;

/// What a player is: its state, its properties, what is played and who sees it. Every method belongs to the control thread, but
/// those tagged otherwise.
class PlayerSession final : PlayObserver, PlayViewObserver, PlayRecordingObserver {
public:
    using Reply = session::Reply;

    PlayerSession(PlayerOptions& options, PlayerStages stages, session::ControlLoop& control, PlayerEvents& events);
    ~PlayerSession();
    PlayerSession(const PlayerSession&) = delete;
    PlayerSession& operator=(const PlayerSession&) = delete;

    void start(Reply reply);
    void stop(bool clearLastFrame);
    Result<void> pause();
    Result<void> resume();
    Result<void> mute(std::optional<bool> muted);
    void requestFullScreen(int direction, Reply reply) { view_.requestFullScreen(direction, std::move(reply)); }
    void exitFullScreen(Reply reply) { view_.exitFullScreen(std::move(reply)); }
    void snapshot(SnapshotQuality quality, SnapshotSource source, bool toFile, session::Snapshots::Reply reply);
    void enterPictureInPicture(Reply reply) { view_.enterPictureInPicture(std::move(reply)); }
    void exitPictureInPicture(Reply reply) { view_.exitPictureInPicture(std::move(reply)); }
    Result<void> setBackground(bool on);
    void hostNavigated(PictureInPictureEvent event, Reply reply);
    Result<void> hostOpenedNative();
    Result<void> hostReturned();
    Result<void> update(const PlayerProperties& after);
    void autoplay();  ///< starts when the property says so and a playUrl is there

    PlayerState state() const { return public_; }                       ///< [any-thread]
    PlayerProperties properties() const { return *properties_.get(); }  ///< [any-thread]
    PlayerNetStatus netStatus() const { return *status_.get(); }        ///< [any-thread]

private:
    Result<PlayLink::Settings> linkSettings(const PlayerProperties& properties) const;
    bool move(PlayInput input);
    void endPlay();
    void endLater();
    std::unique_ptr<PlayRecording> record(const base::Url& from);
    void answerStart(const Result<void>& outcome);
    void follow();
    void report();
    void reportVolume();
    void publishStatus();
    Result<void> hostPause(bool wanted);

    void playCode(Code code, std::string message) override;
    void pictureDecoder(const std::string& what) override { decoder_ = what; }
    void playConnected() override { move(PlayInput::Connected); }
    void playReconnects() override { move(PlayInput::Lost); }
    void playBegan() override;
    void playStalled() override;
    void playEnded() override;
    void playGaveUp(const Error& why) override;
    void pictureDue(const decode::Picture& picture) override;
    void soundGiven(const std::vector<float>& samples, std::optional<Timestamp> heardAt) override;
    void mediaCame(const Packet& packet) override;
    void recordingCode(Code code, std::string message) override;
    void recordingFailed(Error why) override;
    void windowClosed() override;
    void formChanged() override { follow(); }

    const PlayerStages stages_;
    const ResolveUrl resolveUrl_;
    const std::string recordPath_;
    session::ControlLoop& control_;
    PlayerEvents& events_;
    base::Latest<PlayerProperties> properties_;
    base::Latest<PlayerNetStatus> status_{PlayerNetStatus{}};
    PlayState state_;
    std::atomic<PlayerState> public_{PlayerState::Idle};
    Reply startReply_;
    bool background_ = false, pausedByHost_ = false;
    std::string decoder_;
    std::atomic<bool> shown_{false};  ///< a picture, since the start
    GlassClock glass_;
    session::Lifetime life_;
    session::Lifetime current_;  // of the play
    PlayView view_;
    session::Snapshots snapshots_;
    std::unique_ptr<HeardSound> heard_;  // only with a handler of onAudioBlock
    PlayerMeter meter_;
    std::unique_ptr<PlayRecording> recording_;  // outlives play_
    std::unique_ptr<Play> play_;
};

}  // namespace livepusher::playback
