// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <memory>

extern "C" {
#include <libavutil/pixfmt.h>
}

struct SwsContext;

namespace program {

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

}  // namespace program
