// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace livepusher::capture {

struct WantedVideo {
    int width = 0, height = 0;  ///< px, of the pushed picture: a wish, a source may give another size
    int fps = 30;               ///< at most this many are needed
};

struct VideoSourceFormat {
    int width = 0, height = 0;  ///< px, as delivered
    double fps = 0;             ///< nominal; 0: not known
    bool constantRate = false;  ///< pts follow `fps` exactly (files, test picture)
    std::string description;    ///< for logs and messages: device, codec, size
};

struct WantedAudio {
    int sampleRate = 48000;  ///< Hz
    int channels = 2;
};

/// Error::native of a start() that failed only because the file has no track of that kind.
inline constexpr int kNoSuchTrack = -1000;

/// What a source reports beside its data, on the source's own thread.
struct SourceEvents {
    std::function<void()> onEnded{};       ///< at most once: a file has come to its end; nothing follows
    std::function<void(Error)> onError{};  ///< at most once; nothing follows
};

/// A camera, or anything that makes pictures in real time.
class VideoSource {
public:
    struct Sink : SourceEvents {
        std::function<void(VideoFrame)> onFrame{};  ///< must not block
    };
    virtual ~VideoSource() = default;

    /// Opens the source and calls `sink` from the source's own thread until stop(). Frames carry the
    /// moment they belong to on livepusher::now()'s clock, and what turn and pixel aspect they need.
    /// May be started again after stop(); a file then goes on where it was.
    /// Errors: CameraDenied, CameraFailed, ScreenCapture…, SourceFailed, InvalidArgument. [video]
    virtual Result<VideoSourceFormat> start(const WantedVideo& wanted, Sink sink) = 0;

    /// No call to the sink is running or will come once this returns. Idempotent. [video]
    virtual void stop() = 0;

    /// Makes a start() that waits on a network or a device return soon, with Cancelled. Sticky. [any-thread]
    virtual void interrupt() {}

    /// Takes a frame from the application; only the "app" source does. [any-thread]
    virtual Result<void> push(const VideoFrameView&) {
        return Error{Code::InvalidState, "pushVideoFrame: the video source is not \"app\""};
    }
};

/// A microphone, or anything that makes sound in real time.
class AudioSource {
public:
    struct Sink : SourceEvents {
        /// Interleaved samples in the wanted rate and channels, `frames` of them a channel. Must not
        /// block.
        std::function<void(const float* samples, std::size_t frames, Timestamp pts)> onSamples{};
    };
    virtual ~AudioSource() = default;

    /// As VideoSource::start(); delivers exactly the wanted format. Errors: MicrophoneDenied,
    /// MicrophoneFailed, SourceFailed, UnsupportedSampleRate, InvalidArgument. [audio]
    virtual Result<void> start(const WantedAudio& wanted, Sink sink) = 0;
    virtual void stop() = 0;  ///< as VideoSource::stop(). [audio]

    virtual void interrupt() {}  ///< as VideoSource::interrupt(). [any-thread]

    /// Takes sound from the application; only the "app" source does. [any-thread]
    virtual Result<void> push(const AudioBlockView&) {
        return Error{Code::InvalidState, "pushAudioBlock: the audio source is not \"app\""};
    }
};

enum class SourceKind { Camera, Microphone, Screen, File, Test, Raw, Pcm, App, None };

/// The two ends of what a Sources description names; null for "none".
struct SourcePair {
    std::unique_ptr<VideoSource> video;
    std::unique_ptr<AudioSource> audio;
    SourceKind videoKind = SourceKind::None;
    SourceKind audioKind = SourceKind::None;
};

}  // namespace livepusher::capture
