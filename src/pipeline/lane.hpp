// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include "base/attempt.hpp"
#include "media/capture_time.hpp"
#include "media/packet.hpp"
#include "properties/renditions.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace livepusher::pipeline {

/// Why camera and microphone are away. The three may overlap.
struct Suspension {
    bool paused = false;       ///< pause()
    bool background = false;   ///< enterBackground()
    bool interrupted = false;  ///< beginInterruption()
    bool any() const { return paused || background || interrupted; }
};

/// What adaptation has made of the resolved properties.
struct Adapted {
    int bitrate = 0;            ///< kbps, video
    int width = 0, height = 0;  ///< px
    bool operator==(const Adapted&) const = default;
};

/// What the application set by setMICVolume() and setBGMVolume().
struct Volumes {
    double microphone = 1, music = 1;  ///< 0..1
};

/// What the application asked of the camera by methods; over when the push or the preview ends.
struct CameraState {
    double zoom = 1;
    bool torch = false;
};

/// A rendition that targets want, by the number that its packets bear.
struct NumberedRendition {
    int number = 0;  ///< above zero
    properties::Rendition what;
    bool operator==(const NumberedRendition&) const = default;
};

/// What a lane reads at the top of each frame: the properties in force, what they come to, and
/// what the session wants of the lane. One immutable snapshot, so that a frame never mixes two.
struct LaneSettings {
    Properties properties;
    Resolved resolved;
    Adapted adapted{};
    Volumes volumes{};
    CameraState camera{};
    bool encode = false;                           ///< a push is on: packets go to the sink
    bool preview = false;                          ///< the local view is open
    Suspension suspension{};                       ///< the last picture or the waiting image, and silence, go out
    VideoFrame waitingImage{};                     ///< empty: none, or not loaded
    Timestamp origin{};                            ///< packets count from here
    std::optional<base::UtcTime> captureOrigin{};  ///< UTC of it, with captureClock: key frames carry when they were captured
    std::vector<NumberedRendition> renditions{};   ///< that are encoded beside the push's own picture
    std::vector<AudioCodec> audioCodecs{};         ///< that sound is encoded as, all at once: never none during a push

    bool wantsCamera() const { return properties.enableCamera && !suspension.any(); }
    /// In the background the microphone stays open: whether it is heard is backgroundMute's.
    bool wantsMicrophone() const { return !suspension.paused && !suspension.interrupted; }
    bool silent() const {
        return properties.muted || !properties.enableMic || (suspension.background && properties.backgroundMute);
    }
};

/// A picture as it is pushed.
struct Shown {
    VideoFrame frame;
    bool live = false;  ///< it came from the source: the waiting image and black didn't
};

/// Takes pictures as they are pushed.
class ShownSink {
public:
    virtual void show(const Shown& shown) = 0;  ///< must not block. [video]

protected:
    ~ShownSink() = default;
};

/// What can be asked for a key frame: by whoever has no use for the pictures before the next one.
class KeyFrameSource {
public:
    virtual void forceKey() = 0;  ///< [any-thread]

protected:
    ~KeyFrameSource() = default;
};

// By value: who overrides what does nothing here keeps what it is told.
// NOLINTBEGIN(performance-unnecessary-value-param)

/// Hears what happens in a lane: to its source, on the source's thread or the lane's, and to its encoder, on the lane's.
class LaneObserver {
public:
    /// The source is open. `description` empty: it is waited for, and code() tells when it has come.
    virtual void opened(std::string /*description*/) {}
    virtual void code(Code /*code*/, std::string /*what*/) {}  ///< as SourceObserver::code()
    virtual void firstFrame() {}                               ///< of pictures
    virtual void ended() {}                                    ///< the source has come to its end
    virtual void sourceFailed(Error /*why*/) {}                ///< it could not be opened, or has broken off
    virtual void encoderStarted(std::string /*what*/) {}       ///< what Code::EncoderStarted tells
    virtual void encoderRestarted(Error /*why*/) {}            ///< a frame failed, the encoder begins again
    virtual void encoderFailed(Error /*why*/) {}               ///< nothing comes out any more; at most once
    /// The same three of a rendition, on its own thread: Code::EncoderStarted or VideoFrameFailed, and its end.
    virtual void renditionCode(int /*number*/, Code /*code*/, std::string /*what*/) {}
    virtual void renditionFailed(int /*number*/, Error /*why*/) {}

protected:
    ~LaneObserver() = default;
};

// NOLINTEND(performance-unnecessary-value-param)

/// What a lane's thread does: `run`. Where that throws, for want of memory, `closeSource`, and the observer is told: a lane
/// that is dead says so.
template <typename Run, typename CloseSource>
void runLane(Run run, CloseSource closeSource, LaneObserver& observer) {
    const auto ran = base::attempt(run);
    if (ran) return;
    (void)base::attempt(closeSource);  // the first error is the one to tell
    observer.encoderFailed(ran.error());
}

/// Figures of one lane, written by its thread, read by any.
struct LaneCounters {
    std::atomic<std::uint64_t> frames{0};      ///< encoded
    std::atomic<std::uint64_t> bytes{0};       ///< encoded
    std::atomic<std::uint64_t> dropped{0};     ///< lost before the encoder
    std::atomic<int> encodeLoad{0};            ///< % of the time from frame to frame
    std::atomic<std::int64_t> keyInterval{0};  ///< µs between the last two key frames

    /// One packet more has been made. [the lane's]
    void count(const Packet& packet) {
        if (packet.kind == Packet::Kind::Config) return;
        ++frames;
        if (packet.data) bytes += packet.data->size();
        if (packet.kind != Packet::Kind::Key) return;
        if (lastKey_) keyInterval = (packet.pts - *lastKey_).count();
        lastKey_ = packet.pts;
    }

private:
    std::optional<Timestamp> lastKey_;
};

}  // namespace livepusher::pipeline
