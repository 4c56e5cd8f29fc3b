// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <linux/videodev2.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/frame_pool.hpp"

namespace livepusher::capture {

class OddJpegs;

/// The V4L2_PIX_FMT_… that can be converted, the cheapest first.
std::span<const std::uint32_t> takenFormats();

/// How a camera's colours are meant.
struct PictureColours {
    bool bt709 = false;      ///< matrix: BT.709, else BT.601
    bool fullRange = false;  ///< 0..255, as JPEG has it; else 16..235
};

/// What the driver's colour fields say, or, where they say nothing, what V4L2 has for defaults.
PictureColours coloursOf(const v4l2_pix_format& format);

/// A part of a picture; all even.
struct PictureCrop {
    int left = 0, top = 0, width = 0, height = 0;  ///< px
    bool operator==(const PictureCrop&) const = default;
};

/// The middle of a picture, `zoom` times smaller, of the same shape as near as even numbers allow.
PictureCrop middleOf(int width, int height, double zoom);

/// From what cameras deliver to pooled I420, limited range: one pass over the pixels, straight out of the driver's memory.
class PictureConverter {
public:
    explicit PictureConverter(const v4l2_pix_format& format);
    ~PictureConverter();

    /// Frames hold only this part from now on.
    void crop(const PictureCrop& crop) { crop_ = crop; }
    const PictureCrop& crop() const { return crop_; }

    /// None for a picture that is broken or cut short.
    std::optional<VideoFrame> convert(std::span<const std::uint8_t> bytes);

private:
    bool fill(std::span<const std::uint8_t> bytes, VideoFrame& frame);
    bool fillFromJpeg(std::span<const std::uint8_t> bytes, VideoFrame& frame);
    std::optional<VideoFrame> convertOddJpeg(std::span<const std::uint8_t> bytes);

    const v4l2_pix_format format_;
    const int width_, height_, stride_;
    PictureColours colours_;
    PictureCrop crop_;
    base::FramePool pool_;
    std::unique_ptr<OddJpegs> oddJpegs_;  ///< made when one comes
    VideoFrame whole_;                    ///< a JPEG can't be decoded in part
};

}  // namespace livepusher::capture
