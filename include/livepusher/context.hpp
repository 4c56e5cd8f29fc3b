// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/events.hpp>
#include <livepusher/export.hpp>
#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include <functional>
#include <memory>
#include <string>

namespace livepusher {

/// Outcome of a method, as the documents have it.
struct MethodResult {
    int errCode = 0;     ///< a Code; 0 is success
    std::string errMsg;  ///< "start:ok", or "start:fail " and the reason
};
using Callback = std::function<void(const MethodResult&)>;

/// Exactly one of success and fail is called, then complete, once each, on the event thread, never
/// from inside the call itself.
struct CallOptions {
    Callback success{};
    Callback fail{};
    Callback complete{};
};

enum class SnapshotQuality { raw, compressed };  ///< PNG, JPEG
enum class SnapshotSource { stream, view };      ///< the pushed picture, the local view

struct SnapshotResult {
    int errCode = 0;
    std::string errMsg;
    std::string tempImagePath;  ///< the file written, in snapshotDirectory
    int width = 0, height = 0;  ///< px
};

struct SnapshotOptions {
    SnapshotQuality quality = SnapshotQuality::raw;
    SnapshotSource sourceType = SnapshotSource::stream;
    std::function<void(const SnapshotResult&)> success{};
    Callback fail{};
    Callback complete{};
};

struct PlayBgmOptions {
    std::string url;  ///< file path or http(s) URL
    bool loop = false;
    Callback success{};
    Callback fail{};
    Callback complete{};
};

struct VolumeOptions {
    double volume = 1.0;  ///< 0..1
    Callback success{};
    Callback fail{};
    Callback complete{};
};

struct ZoomOptions {
    double zoom = 1.0;  ///< >= 1
    Callback success{};
    Callback fail{};
    Callback complete{};
};

struct MessageOptions {
    std::string msg;  ///< at most 1024 bytes
    Callback success{};
    Callback fail{};
    Callback complete{};
};

/// Where picture and sound come from, in the words of the command line: "camera[:ID]", "mic[:ID]",
/// "screen[:DISPLAY[+X,Y][,WxH]]", "file:PATH-OR-URL", "test", "raw:PATH,WxH@FPS[,FORMAT]",
/// "pcm:PATH,RATE,CHANNELS", "app" (pushVideoFrame, pushAudioBlock) or "none". The same "file:" for both is
/// read once.
struct Sources {
    std::string video = "camera";
    std::string audio = "mic";
    bool loop = false;  ///< files begin again at their end
};

/// Runs one task soon, in order, never inside the call: an application's own event loop.
using Executor = std::function<void(std::function<void()> task)>;

struct ContextOptions {
    Properties properties{};
    Sources sources{};
    Handlers handlers{};
    Executor executor{};                    ///< where callbacks run; empty: an event thread of the library's own
    std::string recordPath;                 ///< also write what is pushed to this .flv file; empty: don't
    std::function<void()> onSourceEnded{};  ///< a file has come to its end (never with loop); on the event thread
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
    /// Stops, closes, joins every thread; at most 2 s. Not from a handler.
    ~LivePusherContext();
    LivePusherContext(const LivePusherContext&) = delete;
    LivePusherContext& operator=(const LivePusherContext&) = delete;

    void start(CallOptions options = {});
    void stop(CallOptions options = {});
    void pause(CallOptions options = {});
    void resume(CallOptions options = {});
    void startPreview(CallOptions options = {});
    void stopPreview(CallOptions options = {});
    void switchCamera(CallOptions options = {});
    void toggleTorch(CallOptions options = {});
    void snapshot(SnapshotOptions options = {});
    void playBGM(PlayBgmOptions options);
    void pauseBGM(CallOptions options = {});
    void resumeBGM(CallOptions options = {});
    void stopBGM(CallOptions options = {});
    void setBGMVolume(VolumeOptions options);
    void setMICVolume(VolumeOptions options);
    void setZoom(ZoomOptions options);
    void getMaxZoom(CallOptions options = {});
    void sendMessage(MessageOptions options);
    void enterPictureInPicture(CallOptions options = {});
    void exitPictureInPicture(CallOptions options = {});
    void enterBackground(CallOptions options = {});
    void exitBackground(CallOptions options = {});
    void beginInterruption(CallOptions options = {});
    void endInterruption(CallOptions options = {});

    /// Applies `change` to the properties in force, on the control thread: all of it or, when the
    /// outcome is not valid now, nothing.
    void update(std::function<void(Properties&)> change, CallOptions options = {});
    /// update() of one property, by any of its names, from text.
    void setProperty(std::string name, std::string value, CallOptions options = {});

    /// Takes a picture for the "app" video source; copied before the call returns. Errors:
    /// InvalidArgument; InvalidState when that source is not running.
    Result<void> pushVideoFrame(const VideoFrameView& frame);
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
