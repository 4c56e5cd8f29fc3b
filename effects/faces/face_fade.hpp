// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "effects/face_shape.hpp"
#include "effects/faces/tracker.hpp"

namespace livepusher::effects::faces {

/// Makes of faces that come and go shapes that fade in and out, and brings those of an older frame to where they are by now.
class FaceFade {
public:
    static constexpr int kFrames = 6;  ///< from nothing to all

    /// `found` may be null, and older than the frame. `atOnce`: faces that are new need not fade in.
    void step(const TrackedFaces* found, int width, int height, Timestamp moment, bool atOnce, std::vector<FaceShape>& faces);
    void clear() { shown_.clear(); }

private:
    struct Shown {
        std::uint64_t id = 0;
        bool there = false;  ///< in what was found last
        FaceShape shape;
    };
    std::vector<Shown> shown_;
};

}  // namespace livepusher::effects::faces
