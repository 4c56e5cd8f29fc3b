// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <linux/videodev2.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capture/camera/jpegs.hpp"
#include "capture/camera/pixel_formats.hpp"
#include "capture/camera/rare_pictures.hpp"
#include "media/frame_pool.hpp"

namespace livepusher::capture {

/// How a camera's colours are meant.
struct PictureColours {
    bool bt709 = false;      ///< matrix: BT.709, else BT.601
    bool fullRange = false;  ///< 0..255, as JPEG has it; else 16..235
};

/// What the driver's colour fields say, or, where they say nothing, what V4L2 has for defaults.
PictureColours coloursOf(const v4l2_pix_format& format);

/// From what cameras deliver to pooled I420, limited range: one pass over the pixels, straight out of the driver's memory.
/// Belongs to one thread.
class PictureConverter {
public:
    explicit PictureConverter(const v4l2_pix_format& format);

    /// Frames hold only the middle from now on, so many times smaller.
    void zoom(double factor) { zoom_ = factor; }
    /// What frames hold; it may be another after each convert() of a JPEG, which has its own size.
    base::PictureSize size() const;

    /// None for a picture that is broken or cut short.
    std::optional<VideoFrame> convert(std::span<const std::uint8_t> bytes);
    /// Words for the log, once, when what comes is not as the driver says.
    std::optional<std::string> takeNews() { return jpegs_ ? jpegs_->takeNews() : std::nullopt; }

private:
    base::Rect crop() const;
    bool fill(std::span<const std::uint8_t> bytes, const base::Rect& crop, VideoFrame& frame);

    const TakenFormat* const taken_;  ///< null: it can't be converted
    const int width_, height_, bytes_, stride_;
    PictureColours colours_;
    double zoom_ = 1;
    base::FramePool pool_;
    std::vector<std::uint8_t> chroma_;     ///< U and V of NV16, apart
    std::optional<JpegPictures> jpegs_{};  ///< for those formats
    std::optional<RarePictures> rare_{};   ///< likewise
};

}  // namespace livepusher::capture
