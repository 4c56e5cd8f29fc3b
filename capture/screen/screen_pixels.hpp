// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>
#include <vector>

#include "media/frame_pool.hpp"
#include "media/picture_size.hpp"

namespace livepusher::capture {

/// The size that a screen's picture is made of: its own, or as much smaller as it can be and still fill what is wanted.
/// Reducing before the conversion costs a third (4K to 720p) to six tenths (1080p) of converting all of it and reducing
/// that, and a picture that stands still is then reduced once and not for each frame.
base::PictureSize deliveredSize(base::PictureSize screen, base::PictureSize wanted);

/// From a screen's pixels (B G R x) to frames, BT.601. Belongs to one thread.
class ScreenPixels {
public:
    VideoFrame convert(const std::uint8_t* pixels, int stride, base::PictureSize size, base::PictureSize wanted);

private:
    struct View {
        const std::uint8_t* pixels;
        int stride;
        base::PictureSize size;
    };
    static View reduced(View from, base::PictureSize to, std::vector<std::uint8_t>& memory, bool halve);

    base::FramePool pool_{6};
    std::vector<std::uint8_t> first_, second_;
};

}  // namespace livepusher::capture
