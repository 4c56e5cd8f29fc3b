// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <cstdint>
#include <vector>

#include "base/frame_pool.hpp"
#include "capture/av.hpp"

namespace livepusher::capture {

/// Makes pipeline frames of what a decoder gives: any of the common pixel formats to limited-range I420 of even
/// size, through libyuv. Belongs to one thread.
class FrameConverter {
public:
    /// A frame with the picture and its colour matrix; time, turn and pixel aspect are the caller's.
    /// Errors: SourceFailed, naming the pixel format or the size that can't be taken.
    Result<VideoFrame> convert(const AVFrame& source);

private:
    bool fill(const AVFrame& source, VideoFrame& frame);
    bool fillDeep(const AVFrame& source, VideoFrame& frame);
    bool fillRgb(const AVFrame& source, VideoFrame& frame);
    bool fillPlanarRgb(const AVFrame& source, VideoFrame& frame);

    base::FramePool pool_;
    std::vector<std::uint8_t> rgb_;    ///< planar RGB, interleaved
    std::vector<std::uint16_t> deep_;  ///< P010, as three planes
};

}  // namespace livepusher::capture
