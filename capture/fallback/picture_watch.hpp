// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "capture/fallback/fallback_decider.hpp"

namespace livepusher::capture {

/// Looks whether pictures are black and whether they move, by some thousand points of each: about 10 us a picture. Black is what
/// ffmpeg's blackdetect calls so: 98 % of the points are darker than a tenth. A picture stands still as long as no point
/// differs by more than two levels from how it was: less than any camera's noise. Belongs to one thread.
class PictureWatch {
public:
    PictureLook look(const VideoFrame& frame);

private:
    std::vector<std::uint8_t> points_, before_;  // before_: as the picture was when it moved last
};

/// Whether one of so many samples is louder than -60 dBFS.
bool isLoud(const float* samples, std::size_t count);

}  // namespace livepusher::capture
