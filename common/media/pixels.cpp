// SPDX-License-Identifier: MIT
#include "media/pixels.hpp"

#include "media/picture_size.hpp"

#include <libyuv.h>

#include <string>

namespace livepusher::base {
namespace {

Error bad(const std::string& what) { return {Code::InvalidArgument, "video frame: " + what}; }

struct Row {
    const char* name;
    int bytes;
};

Result<void> checkPlane(const VideoFrameView& view, std::size_t index, Row row) {
    if (!view.planes[index]) return bad("planes[" + std::to_string(index) + "] (" + row.name + ") is null");
    if (view.strides[index] < row.bytes)
        return bad("strides[" + std::to_string(index) + "] " + std::to_string(view.strides[index]) + ": must be " +
                   std::to_string(row.bytes) + " or more for " + row.name + " of width " + std::to_string(view.width));
    return {};
}

/// libyuv has nothing for it.
void limit(std::uint8_t* row, int stride, int width, int height, std::uint16_t scale, std::uint16_t bias) {
    for (; height > 0; --height, row += stride)
        for (int x = 0; x < width; ++x)
            row[x] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(row[x] * scale + bias) >> 8U);
}

}  // namespace

Result<void> checkView(const VideoFrameView& view) {
    const auto good = [](int length) { return length >= 16 && length <= 8192 && length % 2 == 0; };
    if (!good(view.width) || !good(view.height))
        return bad("size " + sizeText(view.width, view.height) + ": width and height must be even, 16..8192");
    const int turn = static_cast<int>(view.rotation);
    if (turn % 90 != 0 || turn > 270) return bad("rotation " + std::to_string(turn) + ": must be 0, 90, 180 or 270");
    switch (view.format) {
        case PixelFormat::I420:
            if (auto y = checkPlane(view, 0, {"Y", view.width}); !y) return y;
            if (auto u = checkPlane(view, 1, {"U", view.width / 2}); !u) return u;
            return checkPlane(view, 2, {"V", view.width / 2});
        case PixelFormat::NV12:
            if (auto y = checkPlane(view, 0, {"Y", view.width}); !y) return y;
            return checkPlane(view, 1, {"UV", view.width});
        case PixelFormat::Rgba: return checkPlane(view, 0, {"RGBA", view.width * 4});
    }
    return bad("format " + std::to_string(static_cast<int>(view.format)) + ": must be I420, NV12 or Rgba");
}

void convertView(const VideoFrameView& view, VideoFrame& frame) {
    auto* y = frame.mutablePlane(0);
    auto* u = frame.mutablePlane(1);
    auto* v = frame.mutablePlane(2);
    const int yStride = frame.stride(0), uStride = frame.stride(1), vStride = frame.stride(2);
    frame.rotation = view.rotation;
    frame.mirrored = view.mirrored;
    frame.bt709 = view.bt709;
    switch (view.format) {
        case PixelFormat::I420:
            libyuv::I420Copy(view.planes[0], view.strides[0], view.planes[1], view.strides[1], view.planes[2], view.strides[2], y,
                             yStride, u, uStride, v, vStride, view.width, view.height);
            break;
        case PixelFormat::NV12:
            libyuv::NV12ToI420(view.planes[0], view.strides[0], view.planes[1], view.strides[1], y, yStride, u, uStride, v,
                               vStride, view.width, view.height);
            break;
        case PixelFormat::Rgba:  // libyuv names the order in a little-endian word: ABGR is R G B A in memory
            libyuv::ABGRToI420(view.planes[0], view.strides[0], y, yStride, u, uStride, v, vStride, view.width, view.height);
            frame.bt709 = false;  // libyuv's RGB conversion is BT.601
            break;
    }
}

void limitRange(VideoFrame& frame) {
    limit(frame.mutablePlane(0), frame.stride(0), frame.width(), frame.height(), 220, (16 << 8) + 128);  // 219 / 255
    // 224 / 255 about 128, which has to stay where it is.
    for (const int plane : {1, 2})
        limit(frame.mutablePlane(plane), frame.stride(plane), frame.width() / 2, frame.height() / 2, 225,
              (128 << 8) - 128 * 225 + 128);
}

}  // namespace livepusher::base
