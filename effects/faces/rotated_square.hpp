// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace livepusher::effects::faces {

/// How a square lies in a picture of B, G, R, A pixels: where its first pixel is and how far it is to the next in a row,
/// which goes as far the other way down the columns; in pixels, the first one's centre at 0.
struct RotatedSquare {
    float firstX = 0, firstY = 0;
    float stepX = 0, stepY = 0;
    int side = 0;
    float black = 0, perLevel = 1;  ///< what is written: black + perLevel * 0..255
};

/// Writes side² times R, G, B, bilinearly sampled; beyond the picture's edge goes on what is at the edge. The picture has
/// 2 pixels at least along each side, and no padding between its rows. The fastest way that this processor knows.
void sampleRotated(const std::uint8_t* bgra, int width, int height, const RotatedSquare& square, float* rgb);

}  // namespace livepusher::effects::faces
