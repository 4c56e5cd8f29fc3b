// SPDX-License-Identifier: MIT
#pragma once

#include "libav.hpp"
#include "pixel_converter.hpp"

#include <livepusher/media.hpp>

#include <cstdint>

namespace program {

/// What a picture still needs to stand upright: first its rows in reverse, then the turn.
struct Turn {
    bool flip = false;
    livepusher::Rotation rotation = livepusher::Rotation::None;
};

/// Of a display matrix (libavutil/display.h), the nearest quarter turn; null: none.
Turn turnOf(const std::int32_t* displayMatrix);

/// Makes frames for effects of whatever libavcodec decodes: 8 bit, 4:2:0, limited range, BT.601 or BT.709, of even size
/// (an odd row or column is cut off).
class FrameReader {
public:
    /// `picture`: a still one, which is BT.601 where it doesn't tell; a video goes by its height.
    explicit FrameReader(bool picture) : picture_(picture) {}
    livepusher::Result<livepusher::VideoFrame> read(const AVFrame& frame, Turn turn);

private:
    bool picture_;
    PixelConverter converter_;
};

/// The frame's own pixels for an encoder, which may keep them; nothing is copied. Null: no memory.
FramePtr share(livepusher::VideoFrame frame);

/// Both beside each other. They must have the same height.
livepusher::VideoFrame sideBySide(const livepusher::VideoFrame& left, const livepusher::VideoFrame& right);

}  // namespace program
