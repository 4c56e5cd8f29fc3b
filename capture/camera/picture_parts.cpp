// SPDX-License-Identifier: MIT
#include "capture/camera/picture_parts.hpp"

#include "media/picture_size.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace livepusher::capture {
namespace {

/// libyuv has nothing for it.
void limit(std::uint8_t* row, int stride, int width, int height, std::uint16_t scale, std::uint16_t bias) {
    for (; height > 0; --height, row += stride)
        for (int x = 0; x < width; ++x)
            row[x] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(row[x] * scale + bias) >> 8U);
}

}  // namespace

PictureCrop middleOf(int width, int height, double zoom) {
    PictureCrop crop;
    crop.width = std::clamp(base::evenLength(width / zoom), std::min(16, width), width & ~1);
    crop.height = std::clamp(base::evenLength(height / zoom), std::min(16, height), height & ~1);
    crop.left = (width - crop.width) / 4 * 2;
    crop.top = (height - crop.height) / 4 * 2;
    return crop;
}

void limitRange(VideoFrame& frame) {
    limit(frame.mutablePlane(0), frame.stride(0), frame.width(), frame.height(), 220, (16 << 8) + 128);  // 219 / 255
    // 224 / 255 about 128, which has to stay where it is.
    for (const int plane : {1, 2})
        limit(frame.mutablePlane(plane), frame.stride(plane), frame.width() / 2, frame.height() / 2, 225,
              (128 << 8) - 128 * 225 + 128);
}

}  // namespace livepusher::capture
