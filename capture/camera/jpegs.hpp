// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "media/frame_pool.hpp"
#include "media/geometry.hpp"
#include "media/pipeline_size.hpp"

namespace livepusher::capture {

class MjpegFallbackDecoder;

/// What of a JPEG is the picture, when it is `coded` in another size than the driver said.
struct JpegLayout {
    base::PictureSize shown;         ///< from the left upper corner on; even
    int aspectNum = 1;               ///< width of one pixel ...
    int aspectDen = 1;               ///< ... to its height
    std::optional<std::string> why;  ///< in words, where it differs

    /// A few rows or columns more are an encoder's padding to whole blocks, and cut away; a half in one direction only is one
    /// of two fields, or a picture that was squeezed: its pixels are not square. Anything else is taken as it is.
    static JpegLayout of(base::PictureSize told, base::PictureSize coded);
};

/// A camera's JPEGs as I420. Each tells its own size, and that is what counts: drivers and firmware are often at odds, also in
/// mid-stream. Belongs to one thread.
class JpegPictures {
public:
    /// `told`: what the driver says; `fullRange`: of the colours.
    JpegPictures(base::PictureSize told, bool fullRange);
    ~JpegPictures();

    /// The middle of it, `zoom` times smaller, in limited range. None for one that is broken.
    std::optional<VideoFrame> convert(std::span<const std::uint8_t> bytes, double zoom, base::FramePool& pool);
    /// What frames hold, of the last one's size.
    base::Rect crop(double zoom) const { return base::middleOf(layout_.shown, zoom); }
    /// Words for the log when a size came that has not been told yet; once.
    std::optional<std::string> takeNews() { return std::exchange(news_, std::nullopt); }

private:
    bool decode(std::span<const std::uint8_t> bytes, VideoFrame& to, base::PictureSize coded) const;
    bool fill(std::span<const std::uint8_t> bytes, VideoFrame& frame, base::PictureSize coded, const base::Rect& crop);
    void follow(base::PictureSize coded, JpegLayout layout);

    const base::PictureSize told_;
    const bool fullRange_;
    base::PictureSize coded_;               ///< of the last good one
    JpegLayout layout_;                     ///< likewise
    std::vector<base::PictureSize> known_;  ///< sizes that the log has
    std::optional<std::string> news_;
    VideoFrame whole_;                                ///< a JPEG can't be decoded in part
    std::unique_ptr<MjpegFallbackDecoder> oddJpegs_;  ///< made when one comes
};

}  // namespace livepusher::capture
