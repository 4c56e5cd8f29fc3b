// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>
#include <optional>
#include <span>

#include "av/frame_converter.hpp"

namespace livepusher::capture {

/// A camera's pictures in formats that libyuv has no function for, by what converts decoded files. Belongs to one thread.
class RarePictures {
public:
    /// How they lie in memory: planes one behind the other, as V4L2 has them.
    struct Layout {
        AVPixelFormat format = AV_PIX_FMT_NONE;
        base::PictureSize size;
        int stride = 0;  ///< bytes, of the first plane
        bool bt709 = false, fullRange = false;
    };
    explicit RarePictures(const Layout& layout) : layout_(layout) {}

    /// The part of it as I420, limited range; none for one that is cut short, or without libswscale where it takes that.
    std::optional<VideoFrame> convert(std::span<const std::uint8_t> bytes, const base::Rect& crop);

private:
    const Layout layout_;
    bool told_ = false;  ///< that it can't be
    FrameConverter converter_;
};

}  // namespace livepusher::capture
