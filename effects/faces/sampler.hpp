// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>
#include <span>
#include <vector>

#include "effects/faces/region.hpp"

namespace livepusher::effects::faces {

/// What one channel's value is for a network.
struct ValueRange {
    float black = 0, white = 1;
};

/// Cuts parts out of pictures, as RGB the way networks take it: rows of R, G, B. Belongs to one thread; keeps its memory.
class Sampler {
public:
    /// A square of `side` pixels of what the region shows; beyond the picture's edge goes on what is at the edge.
    void square(const VideoFrame& picture, const Region& region, int side, ValueRange range, std::span<float> rgb);

    /// An upright part of the picture, as large as fits a square of `side` pixels and in its middle, the rest black. Answers
    /// px of the picture for one px of the square.
    float letterbox(const VideoFrame& picture, const Box& part, int side, ValueRange range, std::span<float> rgb);

private:
    std::vector<std::uint8_t> pixels_, halved_, planes_;
};

}  // namespace livepusher::effects::faces
