// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>
#include <vector>

#include "base/frame_pool.hpp"

namespace livepusher::capture {

struct PictureSize {
    int width = 0, height = 0;  ///< px
    bool operator==(const PictureSize&) const = default;
};

/// The size that a screen's picture is made of: its own, or as much smaller as it can be and still fill what is wanted.
/// Reducing before the conversion costs a third (4K to 720p) to six tenths (1080p) of converting all of it and reducing
/// that, and a picture that stands still is then reduced once and not for each frame.
PictureSize deliveredSize(PictureSize screen, PictureSize wanted);

/// From a screen's pixels (B G R x) to frames, BT.601. Belongs to one thread.
class ScreenPixels {
public:
    VideoFrame convert(const std::uint8_t* pixels, int stride, PictureSize size, PictureSize wanted);

private:
    struct View {
        const std::uint8_t* pixels;
        int stride;
        PictureSize size;
    };
    static View reduced(View from, PictureSize to, std::vector<std::uint8_t>& memory, bool halve);

    base::FramePool pool_{6};
    std::vector<std::uint8_t> first_, second_;
};

}  // namespace livepusher::capture
