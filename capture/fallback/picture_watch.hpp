// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "capture/fallback/fallback_decider.hpp"

namespace livepusher::capture {

/// Looks whether pictures are black and whether they move, by some thousand points of each: about 30 us a picture of 720p. Black
/// is what ffmpeg's blackdetect calls so: 98 % of the points are darker than a tenth. A picture is the same as the one before as
/// long as one point in 500 differs by more than four levels at most: what a codec makes of a picture that stands still, but for
/// its key frames, and less than most cameras' noise. Belongs to one thread.
class PictureWatch {
public:
    PictureLook look(const VideoFrame& frame);

private:
    std::size_t moved() const;

    std::vector<std::uint8_t> points_, before_;
};

/// Whether one of so many samples is louder than -60 dBFS.
bool isLoud(const float* samples, std::size_t count);

}  // namespace livepusher::capture
