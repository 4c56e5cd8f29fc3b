// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/coded.hpp>
#include <livepusher/error.hpp>
#include <livepusher/events.hpp>
#include <livepusher/export.hpp>
#include <livepusher/media.hpp>
#include <livepusher/preview.hpp>
#include <livepusher/properties.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace livepusher {

/// Outcome of a method, as the documents have it.
struct MethodResult {
    int errCode = 0;     ///< a Code; 0 is success
    std::string errMsg;  ///< "start:ok", or "start:fail " and the reason
};
/// Takes the outcome of one call.
using Callback = std::function<void(const MethodResult&)>;

/// What a method calls back. Exactly one of success and fail is called, then complete, once each, on the
/// event thread, never from inside the call itself. Each may be empty.
struct CallOptions {
    Callback success{};   ///< errCode 0
    Callback fail{};      ///< the code and the reason
    Callback complete{};  ///< in either case, after the other
};

/// How snapshot() keeps a picture.
enum class SnapshotQuality {
    raw,         ///< PNG, without loss
    compressed,  ///< JPEG
};
/// Which picture snapshot() takes.
enum class SnapshotSource {
    stream,  ///< the pushed one
    view,    ///< the local view, mirrored as that is
};

/// What snapshot() made.
struct SnapshotResult {
    int errCode = 0;            ///< 0
    std::string errMsg;         ///< "snapshot:ok"
    std::string tempImagePath;  ///< the file written, in snapshotDirectory; the application's to delete
    int width = 0;              ///< px
    int height = 0;             ///< px
    VideoFrame frame;           ///< the picture itself
};

/// Options of snapshot().
struct SnapshotOptions {
    SnapshotQuality quality = SnapshotQuality::raw;        ///< PNG or JPEG
    SnapshotSource sourceType = SnapshotSource::stream;    ///< the pushed picture or the local view
    bool toFile = true;                                    ///< false: only SnapshotResult::frame, nothing is written
    std::function<void(const SnapshotResult&)> success{};  ///< as in CallOptions, with the picture
    Callback fail{};                                       ///< as in CallOptions
    Callback complete{};                                   ///< as in CallOptions
};

/// Options of playBGM().
struct PlayBgmOptions {
    std::string url;      ///< file path or http(s) URL
    bool loop = false;    ///< begin again at its end
    Callback success{};   ///< as in CallOptions
    Callback fail{};      ///< as in CallOptions
    Callback complete{};  ///< as in CallOptions
};

/// Options of seekBGM().
struct SeekBgmOptions {
    std::int64_t position = 0;  ///< ms from the piece's beginning; beyond its end: its end
    Callback success{};         ///< as in CallOptions
    Callback fail{};            ///< as in CallOptions
    Callback complete{};        ///< as in CallOptions
};

/// A level of 0..1, from a number or, as the live-room-push documents have it, from text ("0.5"). What is no number
/// becomes NaN, which the methods refuse.
class LIVEPUSHER_API Volume {
public:
    Volume(double value) : value_(value) {}  ///< from a number; not explicit, so that `.volume = 0.5` reads as it is meant
    Volume(std::string_view text);           ///< from text
    Volume(const char* text) : Volume(std::string_view(text)) {}  ///< from text
    operator double() const { return value_; }                    ///< the number

private:
    double value_;
};

/// Options of setBGMVolume() and setMICVolume().
struct VolumeOptions {
    Volume volume = 1.0;  ///< 0..1
    Callback success{};   ///< as in CallOptions
    Callback fail{};      ///< as in CallOptions
    Callback complete{};  ///< as in CallOptions
};

/// Options of setZoom().
struct ZoomOptions {
    double zoom = 1.0;    ///< >= 1, a factor
    Callback success{};   ///< as in CallOptions
    Callback fail{};      ///< as in CallOptions
    Callback complete{};  ///< as in CallOptions
};

/// What getMaxZoom() found.
struct MaxZoomResult {
    int errCode = 0;     ///< 0
    std::string errMsg;  ///< "getMaxZoom:ok"
    double maxZoom = 1;  ///< the largest factor that setZoom() takes now
};

/// Options of getMaxZoom().
struct MaxZoomOptions {
    std::function<void(const MaxZoomResult&)> success{};  ///< as in CallOptions, with the factor
    Callback fail{};                                      ///< as in CallOptions
    Callback complete{};                                  ///< as in CallOptions
};

/// Names the SEI messages (user_data_unregistered) that carry sendMessage()'s text: it follows these
/// 16 bytes, in UTF-8, without a terminator.
inline constexpr std::array<std::uint8_t, 16> kMessageUuid{0x83, 0x5b, 0x05, 0xc8, 0x21, 0x92, 0x47, 0x30,
                                                           0xa5, 0xa6, 0x6a, 0x78, 0x78, 0x3b, 0xff, 0xe6};

/// Options of sendMessage().
struct MessageOptions {
    std::string msg;      ///< 1..1024 bytes
    Callback success{};   ///< as in CallOptions
    Callback fail{};      ///< as in CallOptions
    Callback complete{};  ///< as in CallOptions
};

/// Where picture and sound come from, in the words of the command line: "camera[:ID]", "mic[:ID]",
/// "screen[:DISPLAY[+X,Y][,WxH]]", "file:PATH-OR-URL", "test", "raw:PATH,WxH@FPS[,FORMAT]",
/// "pcm:PATH,RATE,CHANNELS", "app" (pushVideoFrame, pushAudioBlock) or "none". The same "file:" for both is
/// read once. A camera's ID may be the URL of a network camera (rtsp://, http://). "system[:ID]" is what the machine
/// plays. "coded" is video that the application has encoded (pushCodedVideo), "coded:PATH-OR-URL" that of a file or a
/// network camera, which goes out as it is. "screen+camera[:ID]" lays a camera into a corner of the screen
/// (insetPosition, insetWidth), "mic[:ID]+system[:ID]" mixes the two. All forms: docs/sources.md.
struct Sources {
    std::string video = "camera";  ///< any but "mic", "system" and "pcm:"
    std::string audio = "mic";     ///< any but "camera", "screen", "coded" and "raw:"
    bool loop = false;             ///< files begin again at their end
    /// ID of the camera for devicePosition front, where "camera" has no ID of its own; empty: the one whose driver says so,
    /// else the first.
    std::string frontCamera{};
    std::string backCamera{};  ///< the same for back; empty: the one whose driver says so, else the second
};

/// The application's own hand on the pictures, with the property enableVideoCustomRender. A handler
/// may change the frame's pixels (its memory is the handler's alone) or put another frame in its
/// place. Both run on threads of their own; the stream waits for one no longer than `budget` and
/// then goes on with the frame as it was, which NetStatus::renderLate counts.
struct VideoCustomRender {
    std::function<void(VideoFrame&)> onCaptured{};      ///< each captured frame, as the source gave it, before any effect
    std::function<void(VideoFrame&)> onBeforeEncode{};  ///< after all effects, in the pushed size; what preview and stream show
    std::chrono::milliseconds budget{0};                ///< for each of the two; 0: half the time between two frames
};

/// Runs one task soon, in order, never inside the call: an application's own event loop.
using Executor = std::function<void(std::function<void()> task)>;

/// What a context is made with.
struct ContextOptions {
    Properties properties{};           ///< to begin with; update() and setProperty() change them later
    Sources sources{};                 ///< where picture and sound come from
    Handlers handlers{};               ///< who hears of what happens
    VideoCustomRender customRender{};  ///< used with enableVideoCustomRender
    Executor executor{};               ///< where callbacks run; empty: an event thread of the library's own
    std::string recordPath;            ///< also write what is pushed to this .flv file, from 1002 on; empty: don't. Told by 20008
    /// All sources that can end have come to their end (never with loop); on the event thread. Not when one of them
    /// has failed (20005): the push then ends by itself as soon as none lives.
    std::function<void()> onSourceEnded{};
    PreviewWindow window{};  ///< the local view in a window of the library's own
    /// Further files that are read, by their paths: no recording and no target may be one of them, as none of the sources
    /// and of the properties' files. For a piece that playBGM() is to play later, or a configuration.
    std::vector<std::string> alsoRead{};
};

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

    /// Opens the sources, connects and pushes. Success once publishing has begun (1002); fail when the first
    /// connect and its retries have failed, or when a source or an encoder could not start.
    void start(CallOptions options = {});
    /// Ends pushing and the preview: sends what is queued for at most 1 s, unpublishes and closes. Safe at any
    /// moment, also while connecting; calls back within 2 s whatever the network does.
    void stop(CallOptions options = {});
    /// Captures nothing any more: the waiting image, or the last picture, goes out at 5 fps, and silence. The
    /// connection stays; after pauseTimeout pushing ends with 5000.
    void pause(CallOptions options = {});
    /// Live again after pause(), from a key frame on.
    void resume(CallOptions options = {});
    /// Opens the sources for the local view (Handlers::onPreviewFrame, ContextOptions::window) without pushing. A
    /// window that the user has closed comes back.
    void startPreview(CallOptions options = {});
    /// Ends the local view; a push goes on.
    void stopPreview(CallOptions options = {});
    /// From the front camera to the back one and back, also while pushing: the size of the pushed picture stays, 1003
    /// follows, and when the other one can't be opened the first goes on. Zoom and torch begin anew.
    void switchCamera(CallOptions options = {});
    /// The camera's light on or off. Fails on a camera that has none.
    void toggleTorch(CallOptions options = {});
    /// Keeps the picture of now, without holding the stream up. Fails when there is none yet.
    void snapshot(SnapshotOptions options = {});
    /// Mixes background music into the pushed sound, in place of what plays already; success when it is loaded.
    /// onBgmStart, onBgmProgress and onBgmComplete follow, or 10003 when it can't be loaded or breaks off. It waits for
    /// the push to be live, pauses with it, and ends with it.
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
    /// backgroundMute. After pauseTimeout pushing ends with 5000.
    void enterBackground(CallOptions options = {});
    /// The application is back: live pictures and sound again.
    void exitBackground(CallOptions options = {});
    /// Something else needs camera and microphone, as a phone call does: 5001, nothing is captured meanwhile.
    void beginInterruption(CallOptions options = {});
    /// The interruption is over: capture goes on.
    void endInterruption(CallOptions options = {});

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

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace livepusher
