// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "effects/faces/warp_field.hpp"
#include "media/frame_pool.hpp"

namespace livepusher::effects::faces {

/// Makes cheeks narrower and eyes bigger. Belongs to one thread; keeps its memory.
class Warp {
public:
    /// In place; a frame that others hold is replaced by a copy. What lies around the faces stays to the bit, and so does all
    /// of it when no face is there or both strengths are 0.
    void apply(VideoFrame& frame, std::span<const FaceShape> faces, const WarpStrength& strength);

private:
    void applyField(VideoFrame& frame);

    WarpField field_;
    std::array<std::vector<std::uint8_t>, 3> before_;
    base::FramePool pool_;
};

}  // namespace livepusher::effects::faces
