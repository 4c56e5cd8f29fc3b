// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/calls.hpp>
#include <livepusher/error.hpp>
#include <livepusher/export.hpp>
#include <livepusher/player_events.hpp>
#include <livepusher/player_options.hpp>
#include <livepusher/player_properties.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace livepusher {

namespace playback {
struct PlayerStages;
}

/// Options of LivePlayerContext::stop().
struct StopPlayOptions {
    bool clearLastFrame = true;  ///< the picture goes; false: the last one stays
    Callback success{};          ///< as in CallOptions
    Callback fail{};             ///< as in CallOptions
    Callback complete{};         ///< as in CallOptions
};

/// Options of LivePlayerContext::mute().
struct MuteOptions {
    std::optional<bool> muted{};  ///< empty: the other way round
    Callback success{};           ///< as in CallOptions
    Callback fail{};              ///< as in CallOptions
    Callback complete{};          ///< as in CallOptions
};

/// Options of LivePlayerContext::requestFullScreen().
struct FullScreenOptions {
    int direction = 0;    ///< 0: as it is; 90: turned counter-clockwise, -90: clockwise
    Callback success{};   ///< as in CallOptions
    Callback fail{};      ///< as in CallOptions
    Callback complete{};  ///< as in CallOptions
};

/// Plays one live stream: the live-room-play documents' LivePlayerContext. It keeps the delay to the publisher within bounds
/// whatever the network does. Every method posts a command and returns at once; commands run in the order given. All methods
/// are [any-thread].
class LIVEPUSHER_API LivePlayerContext {
public:
    /// Can't fail: invalid properties are reported when they are used, by start()'s `fail`.
    explicit LivePlayerContext(PlayerOptions options);
    LivePlayerContext(PlayerOptions options, playback::PlayerStages stages);  ///< for tests
    /// Stops, closes, joins every thread; at most 2 s, unless a handler of the application's own takes longer. Not
    /// from a handler; what handlers call meanwhile is not answered any more.
    ~LivePlayerContext();
    LivePlayerContext(const LivePlayerContext&) = delete;
    LivePlayerContext& operator=(const LivePlayerContext&) = delete;

    /// Connects and plays. Success once it plays (Code::PlayBegan); fail when the first connect and its retries have failed, or
    /// the stream ended before anything could be played. A playUrl is changed by stop(), update(), start().
    void start(CallOptions options = {});
    /// Ends it. Safe at any moment, also while connecting; calls back within 2 s whatever the network does.
    void stop(StopPlayOptions options = {});
    /// The picture stays, nothing is heard; the connection and reading go on.
    void pause(CallOptions options = {});
    /// Plays the newest, not what was missed.
    void resume(CallOptions options = {});
    /// Sets the property muted.
    void mute(MuteOptions options = {});
    /// The window fills the screen; onFullScreenChange follows. Without a window of the library's own the event asks the
    /// application, which draws onVideoFrame, to do it.
    void requestFullScreen(FullScreenOptions options = {});
    /// The window is as before; onFullScreenChange follows.
    void exitFullScreen(CallOptions options = {});
    /// Keeps the picture of now: `stream` as it was decoded, `view` turned as orientation has it. Fails when there is none yet.
    void snapshot(SnapshotOptions options = {});
    /// The picture goes to a small window above all others; onEnterPictureInPicture follows. Without a window of the library's
    /// own the event asks the application to do it.
    void enterPictureInPicture(CallOptions options = {});
    /// The picture is as before; onLeavePictureInPicture follows.
    void exitPictureInPicture(CallOptions options = {});
    /// The application went to the background: silence with backgroundMute, and no pictures but in the small window.
    void enterBackground(CallOptions options = {});
    /// The application is back: the newest is played.
    void exitBackground(CallOptions options = {});
    /// The application's own navigation left (push) or closed (pop) the page with the picture: picture-in-picture when
    /// pictureInPictureMode has the event, else a pause by autoPauseIfNavigate for push.
    void hostNavigated(PictureInPictureEvent event, CallOptions options = {});
    /// The application opened a page of another program: a pause by autoPauseIfOpenNative.
    void hostOpenedNative(CallOptions options = {});
    /// The application is back on the page with the picture: resumes what hostNavigated() or hostOpenedNative() paused.
    void hostReturned(CallOptions options = {});

    /// Applies `change` to the properties in force, on the control thread: all of it or, when the outcome is not valid now,
    /// nothing.
    void update(std::function<void(PlayerProperties&)> change, CallOptions options = {});
    /// update() of one property, by any of its names, from text.
    void setProperty(std::string name, std::string value, CallOptions options = {});

    PlayerState state() const;            ///< as of the last command done
    PlayerProperties properties() const;  ///< in force
    PlayerNetStatus netStatus() const;    ///< the last one measured

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace livepusher
