// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>
#include <optional>
#include <span>

#include "av/av.hpp"
#include "av/frame_converter.hpp"

namespace livepusher::capture {

/// JPEGs whose colours are thinned out in a way that libyuv doesn't know, by libavcodec: slower.
class MjpegFallbackDecoder {
public:
    MjpegFallbackDecoder();

    /// The part of it as I420, limited range; none for one that is broken or not of that size.
    std::optional<VideoFrame> convert(std::span<const std::uint8_t> bytes, int width, int height, const base::Rect& crop);

private:
    CodecPtr decoder_;  ///< null: it could not be opened
    FrameConverter converter_;
};

}  // namespace livepusher::capture
