// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "av/av.hpp"
#include "av/colour_map_kernels.hpp"
#include "av/common_formats.hpp"
#include "av/pixel_scaler.hpp"
#include "media/frame_pool.hpp"
#include "media/pipeline_size.hpp"

namespace livepusher::capture {

/// Makes pipeline frames of what a decoder gives: any pixel format that lies in memory, any size, HDR and BT.2020, to
/// limited-range I420 of BT.709 or BT.601, over black where it is transparent. Common formats go through libyuv, the rest
/// through libswscale; HDR is tone-mapped. Belongs to one thread.
class FrameConverter {
public:
    /// Whether pictures of that kind can be taken, to be asked before the first is decoded. AV_PIX_FMT_NONE and a size of 0x0
    /// stand for what isn't known yet. Errors: SourceFailed, naming the pixel format or the size; NotAvailable, when the library
    /// that it needs isn't there. [any-thread]
    static Result<void> check(AVPixelFormat format, int width, int height);

    /// A frame with the picture and its colour matrix, of pipelineSize(); time, turn and pixel aspect are the caller's.
    /// Errors: as check()'s.
    Result<VideoFrame> convert(const AVFrame& source);

private:
    Result<void> fill(const AVFrame& source, VideoFrame& frame);
    Result<void> fillScaled(const AVFrame& source, VideoFrame& frame);
    Result<void> fillMapped(const AVFrame& source, SourceColours colours, VideoFrame& frame);
    Result<bool> readDeep(const AVFrame& source, base::PictureSize size, kernels::DeepPicture& deep);
    void follow(const SourceColours& colours);

    base::FramePool pool_;
    CommonFormats common_;
    PixelScaler scaler_;
    std::vector<std::uint8_t> alpha_;
    std::vector<std::uint16_t> deep_;  ///< 10-bit planes, and alpha's
    std::optional<SourceColours> colours_;
    std::unique_ptr<const ColourMap> map_;  ///< of those colours; null: there were none
    kernels::MapRows rows_;
};

}  // namespace livepusher::capture
