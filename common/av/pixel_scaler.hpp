// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <array>
#include <cstdint>
#include <memory>

#include "av/swscale.hpp"
#include "media/pipeline_size.hpp"

extern "C" {
#include <libavutil/frame.h>
}

namespace livepusher::capture {

/// Whether the values of a decoded picture are full range (0..255), by its tags and its format. [any-thread]
bool isFullRange(const AVFrame& frame);

/// Whether a format has to be turned into YUV: RGB, palettes, XYZ. [any-thread]
bool isRgb(AVPixelFormat format);

/// Converts and scales pictures of any pixel format that libswscale can read: what libyuv has no function for. Belongs to
/// one thread.
class PixelScaler {
public:
    /// Where the planes of a picture are to be written, in limited range.
    struct Target {
        AVPixelFormat format = AV_PIX_FMT_YUV420P;
        base::PictureSize size;
        std::array<std::uint8_t*, 4> planes{};
        std::array<int, 4> strides{};
        int rgbMatrix = SWS_CS_ITU601;  ///< SWS_CS_…: how RGB becomes YUV; YUV keeps the matrix that it has
    };

    /// Errors: SourceFailed, naming the pixel format; NotAvailable without libswscale.
    static Result<void> check(AVPixelFormat format);
    Result<void> convert(const AVFrame& source, const Target& target);

private:
    struct Order {
        int format = AV_PIX_FMT_NONE, toFormat = AV_PIX_FMT_NONE, matrix = 0, rgbMatrix = 0;
        base::PictureSize from, to;
        bool full = false;
        bool operator==(const Order&) const = default;
    };
    struct Deleter {
        void operator()(SwsContext* context) const { swscale().sws_freeContext(context); }
    };

    Result<void> prepare(const Order& order);

    Order order_;
    std::unique_ptr<SwsContext, Deleter> context_;
};

}  // namespace livepusher::capture
