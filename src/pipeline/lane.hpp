// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include "media/packet.hpp"

#include <atomic>
#include <cstdint>
#include <functional>

namespace livepusher::pipeline {

/// Why camera and microphone are away. The three may overlap.
struct Suspension {
    bool paused = false;       ///< pause()
    bool background = false;   ///< enterBackground()
    bool interrupted = false;  ///< beginInterruption()
    bool any() const { return paused || background || interrupted; }
    bool operator==(const Suspension&) const = default;
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
    bool operator==(const Volumes&) const = default;
};

/// What the application asked of the camera by methods; over when the push or the preview ends.
struct CameraState {
    double zoom = 1;
    bool torch = false;
    bool operator==(const CameraState&) const = default;
};

/// What a lane reads at the top of each frame: the properties in force, what they come to, and
/// what the session wants of the lane. One immutable snapshot, so that a frame never mixes two.
struct LaneSettings {
    Properties properties;
    Resolved resolved;
    Adapted adapted{};
    Volumes volumes{};
    CameraState camera{};
    bool encode = false;        ///< a push is on: packets go to the sink
    bool preview = false;       ///< the local view is open
    Suspension suspension{};    ///< the last picture or the waiting image, and silence, go out
    VideoFrame waitingImage{};  ///< empty: none, or not loaded
    Timestamp origin{};         ///< packets count from here

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

/// Figures of one lane, written by its thread, read by any.
struct LaneCounters {
    std::atomic<std::uint64_t> frames{0};      ///< encoded
    std::atomic<std::uint64_t> bytes{0};       ///< encoded
    std::atomic<std::uint64_t> dropped{0};     ///< lost before the encoder
    std::atomic<int> encodeLoad{0};            ///< % of the time from frame to frame
    std::atomic<std::int64_t> keyInterval{0};  ///< µs between the last two key frames
};

}  // namespace livepusher::pipeline
