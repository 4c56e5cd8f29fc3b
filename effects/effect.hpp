// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

namespace livepusher::effects {

/// What one frame is to become; made once for each properties snapshot.
struct VideoTarget {
    int width = 0, height = 0;  ///< px, even, of the pushed picture
    bool operator==(const VideoTarget&) const = default;
};

/// One step of the picture pipeline. Belongs to the video thread.
class VideoEffect {
public:
    virtual ~VideoEffect() = default;
    /// Changes the frame in place, or puts another in its place. The frame given may be shared: then
    /// one that has to change is replaced, never written, and one that hasn't stays as it is.
    virtual void apply(VideoFrame& frame, const VideoTarget& target, const Properties& properties) = 0;
};

}  // namespace livepusher::effects
