// SPDX-License-Identifier: MIT
#pragma once

#include "av/av.hpp"

#include <livepusher/media.hpp>

#include <array>
#include <cstdint>
#include <memory>

struct SwsContext;

namespace program {

// libav's handles, and the functions of libavformat, as the library has them.
using livepusher::capture::avformat;
using livepusher::capture::avText;
using livepusher::capture::CodecPtr;
using livepusher::capture::FormatPtr;
using livepusher::capture::FramePtr;
using livepusher::capture::loadAvformat;
using livepusher::capture::PacketPtr;

/// One conversion of pixels by libswscale, made again only when what it converts changes.
class PixelConverter {
public:
    /// Pixels with all that tells their meaning.
    struct Picture {
        AVPixelFormat format = AV_PIX_FMT_NONE;
        int width = 0, height = 0;
        int matrix = 0;          ///< one of SWS_CS_...; no matter for RGB
        bool fullRange = false;  ///< no matter for RGB
        bool operator==(const Picture&) const = default;
    };
    /// Their planes.
    struct Planes {
        std::array<std::uint8_t*, 4> data{};
        std::array<int, 4> strides{};
    };

    /// Both of one size. `centred`: chroma is in the middle of its four pixels, as in JPEG, not at their left, as in video.
    bool convert(const Picture& from, const Planes& fromPlanes, const Picture& to, const Planes& toPlanes, bool centred);

private:
    struct Free {
        void operator()(SwsContext* context) const;
    };
    std::unique_ptr<SwsContext, Free> context_;
    Picture from_, to_;
    bool centred_ = false;
};

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
