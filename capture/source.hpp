// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/coded.hpp>
#include <livepusher/error.hpp>
#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include "capture/source_kind.hpp"
#include "media/audio_format.hpp"
#include "media/packet.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace livepusher::capture {

/// What of the properties a video source follows while it runs; each takes of it what it can.
struct VideoWishes {
    bool autoFocus = true;
    double focus = 0;  ///< with autoFocus false: 0 far .. 1 near
    double zoom = 1;   ///< what setZoom() said last
    bool torch = false;
    InsetPosition insetPosition = InsetPosition::bottomRight;
    double insetWidth = 0.25;  ///< of the pushed width
    bool operator==(const VideoWishes&) const = default;
};

struct WantedVideo {
    int width = 0, height = 0;                        ///< px, of the pushed picture: a wish, a source may give another size
    int fps = 30;                                     ///< at most this many are needed
    DevicePosition position = DevicePosition::front;  ///< of a camera that has no ID
    VideoWishes wishes{};                             ///< to begin with
    /// So long a device that is not there, busy or silent is tried again before start() fails. What it waits for is told
    /// meanwhile, by code().
    std::chrono::milliseconds patience{0};
    /// It is tried for ever: start() answers after the first failure that may pass, with a format without a description;
    /// formatChanged() and Code::CameraOpened or ScreenCaptureStarted tell when the device is there.
    bool waits = false;
};

/// The sound that who asks for it wants to get.
struct WantedAudio : base::AudioFormat {
    AudioVolumeType role = AudioVolumeType::automatic;  ///< for the sound server
    MicChannels micChannels = MicChannels::automatic;   ///< of a microphone
};

struct VideoSourceFormat {
    int width = 0, height = 0;  ///< px, as delivered
    double fps = 0;             ///< nominal; 0: not known
    bool constantRate = false;  ///< pts follow `fps` exactly (files, test picture)
    std::string description;    ///< for logs and messages: device, codec, size
};

/// Error::native of a start() that failed only because the file has no track of that kind.
inline constexpr int kNoSuchTrack = -1000;

// By value: who overrides what does nothing here keeps what it is told.
// NOLINTBEGIN(performance-unnecessary-value-param)

/// Hears what a source reports beside its data, on the source's own thread.
class SourceObserver {
public:
    virtual void ended() {}                ///< at most once: a file has come to its end; nothing follows
    virtual void failed(Error /*why*/) {}  ///< at most once; nothing follows
    /// What happens to a device that goes on or comes again, each as often as it happens. A camera: CameraRemoved and
    /// CameraFailed, it is gone (and looked for), CameraReturned and CameraOpened, it is back, CameraOpened, another was switched
    /// to. A microphone: MicrophoneFailed, it is gone, MicrophoneSilent. A screen: ScreenCaptureInterrupted, it is gone,
    /// ScreenCaptureStarted, it is back, ScreenRotationFailed.
    virtual void code(Code /*code*/, std::string /*what*/) {}

protected:
    ~SourceObserver() = default;
};

/// What a camera does at the application's request.
struct CameraRequest {
    enum class What {
        MaxZoom,  ///< answers with the greatest factor
        Zoom,     ///< to `zoom`; answers with the factor in force
        Torch,    ///< the other way round than it is; answers 1 on, 0 off
        Switch,   ///< to the other position; answers with the DevicePosition, as a number
    };
    What what{};
    double zoom = 1;
    /// Exactly once, on any thread, perhaps inside the call.
    std::function<void(Result<double>)> reply;
};

/// A camera, or anything that makes pictures in real time.
class VideoSource {
public:
    class Sink : public SourceObserver {
    public:
        virtual void frame(VideoFrame frame) = 0;  ///< must not block
        /// The frames that follow are of another format than start() said. Before the first of them.
        virtual void formatChanged(VideoSourceFormat /*format*/) {}
        /// The frames that follow have nothing in common with those before: the first of them is to be a key frame.
        virtual void cut() {}
    };
    virtual ~VideoSource() = default;

    /// Opens the source and calls `sink` from the source's own thread until stop(). Frames carry the
    /// moment they belong to on livepusher::now()'s clock, and what turn and pixel aspect they need.
    /// May be started again after stop(); a file then goes on where it was.
    /// Errors: CameraDenied, CameraFailed, ScreenCapture…, SourceFailed, InvalidArgument. [video]
    virtual Result<VideoSourceFormat> start(const WantedVideo& wanted, Sink& sink) = 0;

    /// No call to the sink is running or will come once this returns. Idempotent. [video]
    virtual void stop() = 0;

    /// Makes a start() that waits on a network or a device return soon, with Cancelled. Sticky. [any-thread]
    virtual void interrupt() {}

    /// While it runs; never waits for a device. [video]
    virtual void follow(const VideoWishes&) {}

    /// Never waits for a device: the answer comes. Errors in it: NotAvailable, the camera doesn't have that; CameraFailed,
    /// CameraDenied of a Switch, which leaves the old one running; InvalidArgument. [any-thread]
    virtual void request(CameraRequest request) { request.reply(Error{Code::NotAvailable, "the video source is not a camera"}); }

    /// Takes a frame from the application; only the "app" source does. [any-thread]
    virtual Result<void> push(const VideoFrameView&) {
        return Error{Code::InvalidState, "pushVideoFrame: the video source is not \"app\""};
    }
};

// NOLINTEND(performance-unnecessary-value-param)

/// Pictures that are coded already and go out as they are: an application's own encoder, a network camera's stream.
class CodedVideoSource {
public:
    class Sink : public SourceObserver {
    public:
        /// A Config first, with its description, and again whenever the parameter sets change; then frames in dts order,
        /// each with the moment it belongs to on livepusher::now()'s clock. Must not block.
        virtual void packet(Packet packet) = 0;
    };
    virtual ~CodedVideoSource() = default;

    /// As VideoSource::start(); answers with what is delivered, for Code::CameraOpened. [video]
    virtual Result<std::string> start(Sink& sink) = 0;
    virtual void stop() = 0;     ///< as VideoSource::stop(). [video]
    virtual void interrupt() {}  ///< as VideoSource::interrupt(). [any-thread]
    /// Takes an access unit from the application; only the "coded" source without a target does. [any-thread]
    virtual Result<void> push(const CodedVideoView&) {
        return Error{Code::InvalidState, "pushCodedVideo: the video source is not \"coded\""};
    }
};

/// A microphone, or anything that makes sound in real time.
class AudioSource {
public:
    class Sink : public SourceObserver {
    public:
        /// Interleaved samples in the wanted rate and channels, `frames` of them a channel. Must not
        /// block.
        virtual void samples(const float* samples, std::size_t frames, Timestamp pts) = 0;
    };
    virtual ~AudioSource() = default;

    /// As VideoSource::start(); delivers exactly the wanted format. Errors: MicrophoneDenied,
    /// MicrophoneFailed, SourceFailed, UnsupportedSampleRate, InvalidArgument. [audio]
    virtual Result<void> start(const WantedAudio& wanted, Sink& sink) = 0;
    virtual void stop() = 0;  ///< as VideoSource::stop(). [audio]

    virtual void interrupt() {}                  ///< as VideoSource::interrupt(). [any-thread]
    virtual void setRole(AudioVolumeType) {}     ///< for the sound server, while it runs. [audio]
    virtual void setMicChannels(MicChannels) {}  ///< of a microphone, while it runs. [audio]

    /// Takes sound from the application; only the "app" source does. [any-thread]
    virtual Result<void> push(const AudioBlockView&) {
        return Error{Code::InvalidState, "pushAudioBlock: the audio source is not \"app\""};
    }
};

/// The two ends of what a Sources description names; null for "none".
struct SourcePair {
    std::unique_ptr<VideoSource> video;
    std::unique_ptr<AudioSource> audio;
    SourceKind videoKind = SourceKind::None;
    SourceKind audioKind = SourceKind::None;
    std::unique_ptr<CodedVideoSource> coded{};  ///< in place of `video`, for SourceKind::Coded
};

}  // namespace livepusher::capture
