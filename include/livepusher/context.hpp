// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/calls.hpp>
#include <livepusher/coded.hpp>
#include <livepusher/context_options.hpp>
#include <livepusher/error.hpp>
#include <livepusher/events.hpp>
#include <livepusher/export.hpp>
#include <livepusher/media.hpp>
#include <livepusher/message.hpp>
#include <livepusher/properties.hpp>
#include <livepusher/target.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace livepusher {

namespace pipeline {
struct Stages;
}

/// Captures, beautifies, encodes and publishes one live stream: the live-pusher documents'
/// LivePusherContext. Every method posts a command and returns at once; commands run in the order
/// given. All methods are [any-thread].
class LIVEPUSHER_API LivePusherContext {
public:
    /// Can't fail: invalid properties are reported when they are used, by start()'s or
    /// startPreview()'s `fail`.
    explicit LivePusherContext(ContextOptions options);
    LivePusherContext(ContextOptions options, pipeline::Stages stages);  ///< for tests
    /// Stops, closes, joins every thread; at most 2 s, unless a handler of the application's own takes longer. Not
    /// from a handler; what handlers call meanwhile is not answered any more.
    ~LivePusherContext();
    LivePusherContext(const LivePusherContext&) = delete;
    LivePusherContext& operator=(const LivePusherContext&) = delete;

    /// Opens the sources, connects and pushes. Success once publishing has begun (Code::PushBegan); fail when the first
    /// connect and its retries have failed, or when a source or an encoder could not start.
    void start(CallOptions options = {});
    /// Ends pushing and the preview: sends what is queued for at most 1 s, unpublishes and closes. Safe at any
    /// moment, also while connecting; calls back within 2 s whatever the network does.
    void stop(CallOptions options = {});
    /// Captures nothing any more: the waiting image, or the last picture, goes out at 5 fps, and silence. The
    /// connection stays; after pauseTimeout pushing ends with Code::SuspendedTooLong.
    void pause(CallOptions options = {});
    /// Live again after pause(), from a key frame on.
    void resume(CallOptions options = {});
    /// Opens the sources for the local view (Handlers::onPreviewFrame, ContextOptions::window) without pushing. A
    /// window that the user has closed comes back.
    void startPreview(CallOptions options = {});
    /// Ends the local view; a push goes on.
    void stopPreview(CallOptions options = {});
    /// From the front camera to the back one and back, also while pushing: the size of the pushed picture stays,
    /// Code::CameraOpened follows, and when the other one can't be opened the first goes on. Zoom and torch begin anew.
    void switchCamera(CallOptions options = {});
    /// The camera's light on or off. Fails on a camera that has none.
    void toggleTorch(CallOptions options = {});
    /// Keeps the picture of now, without holding the stream up. Fails when there is none yet.
    void snapshot(SnapshotOptions options = {});
    /// Mixes background music into the pushed sound, in place of what plays already; success when it is loaded.
    /// onBgmStart, onBgmProgress and onBgmComplete follow, or Code::BgmFailed when it can't be loaded or breaks off. It
    /// waits for the push to be live, pauses with it, and ends with it.
    void playBGM(PlayBgmOptions options);
    /// Holds the music where it is.
    void pauseBGM(CallOptions options = {});
    /// Goes on where pauseBGM() left it.
    void resumeBGM(CallOptions options = {});
    /// Ends the music; no onBgmComplete.
    void stopBGM(CallOptions options = {});
    /// Goes on from another place of the music. Fails where the piece can't be sought in. Not in the documents.
    void seekBGM(SeekBgmOptions options);
    /// How loud the music is in the pushed sound: its gain is volume², reached within 50 ms. Stays for later pushes.
    void setBGMVolume(VolumeOptions options);
    /// How loud the microphone is in the pushed sound: as setBGMVolume().
    void setMICVolume(VolumeOptions options);
    /// Zooms the camera, from 1 to what getMaxZoom() tells: by its lens where it can, else by cropping.
    void setZoom(ZoomOptions options);
    /// Asks for the largest factor that setZoom() takes.
    void getMaxZoom(MaxZoomOptions options = {});
    /// Sends a text within the stream, with the next picture (H.264 SEI, user_data_unregistered).
    void sendMessage(MessageOptions options);
    /// Writes the last seconds of the push, which replaySeconds keeps in memory, to a file, from the key frame on that
    /// has all of them behind it. The push goes on meanwhile.
    void saveReplay(SaveReplayOptions options);
    /// Puts the preview into a small window above all others; onEnterPictureInPicture follows. Without a window of
    /// the library's own the event asks the application, which draws onPreviewFrame, to do it.
    void enterPictureInPicture(CallOptions options = {});
    /// The preview is as before; onLeavePictureInPicture follows, as when the preview ends or the user closes the
    /// small window.
    void exitPictureInPicture(CallOptions options = {});
    /// The application's own navigation left (push) or closed (pop) the page with the preview: enters
    /// picture-in-picture when the property pictureInPictureMode has the event, else nothing happens.
    void hostNavigated(PictureInPictureEvent event, CallOptions options = {});
    /// The application went to the background: the waiting image instead of the camera, silence with
    /// backgroundMute. After pauseTimeout pushing ends with Code::SuspendedTooLong.
    void enterBackground(CallOptions options = {});
    /// The application is back: live pictures and sound again.
    void exitBackground(CallOptions options = {});
    /// Something else needs camera and microphone, as a phone call does: Code::Interrupted, nothing is captured meanwhile.
    void beginInterruption(CallOptions options = {});
    /// The interruption is over: capture goes on.
    void endInterruption(CallOptions options = {});

    /// Adds a place that the push goes to (Properties::targets), also while pushing: it gets the stream from the next key frame
    /// on, its time begins at zero, and the others notice nothing. What becomes of it its events tell
    /// (StateChangeEvent::targetId).
    void addTarget(Target target, CallOptions options = {});
    /// Takes a place out: what is queued for it goes out for at most 1 s. "main" stays, as long as the push.
    void removeTarget(std::string id, CallOptions options = {});
    /// Changes a place's urls and the like: while pushing it is left in order and joined anew.
    void updateTarget(std::string id, std::function<void(Target&)> change, CallOptions options = {});

    /// Applies `change` to the properties in force, on the control thread: all of it or, when the
    /// outcome is not valid now, nothing.
    void update(std::function<void(Properties&)> change, CallOptions options = {});
    /// update() of one property, by any of its names, from text.
    void setProperty(std::string name, std::string value, CallOptions options = {});

    /// Takes a picture for the "app" video source; copied before the call returns. Errors:
    /// InvalidArgument; InvalidState when that source is not running.
    Result<void> pushVideoFrame(const VideoFrameView& frame);
    /// Takes a coded picture for the "coded" video source; copied before the call returns. Errors: InvalidArgument, with
    /// what is wrong with it; InvalidState when that source is not running.
    Result<void> pushCodedVideo(const CodedVideoView& unit);
    /// Takes sound for the "app" audio source; copied before the call returns. Errors as above.
    Result<void> pushAudioBlock(const AudioBlockView& block);

    State state() const;            ///< as of the last command done
    Properties properties() const;  ///< in force
    NetStatus netStatus() const;    ///< the last one measured
    /// The same of one target, "main" or Target::id; empty: a push goes to none of that id.
    std::optional<NetStatus> netStatus(const std::string& targetId) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace livepusher
