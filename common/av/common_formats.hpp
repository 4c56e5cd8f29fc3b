// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>
#include <vector>

extern "C" {
#include <libavutil/frame.h>
}

namespace livepusher::capture {

/// The pixel formats that come every day, through libyuv, as fast as it goes. Belongs to one thread.
class CommonFormats {
public:
    /// Fills `frame`, of the source's size or less, with its picture in the source's range; RGB in limited range, over
    /// black where it is transparent, and `frame.bt709` false. False: the format is none of them.
    bool fill(const AVFrame& source, VideoFrame& frame);

private:
    bool fillDeep(const AVFrame& source, VideoFrame& frame);
    bool fillRgb(const AVFrame& source, VideoFrame& frame);
    bool fillPlanarRgb(const AVFrame& source, VideoFrame& frame);
    bool fillDeepRgb(const AVFrame& source, VideoFrame& frame);
    bool takeArgb(VideoFrame& frame, bool alpha);

    std::vector<std::uint8_t> rgb_;    ///< RGB of four bytes, as libyuv's ARGB
    std::vector<std::uint16_t> deep_;  ///< P010, as three planes
};

}  // namespace livepusher::capture
