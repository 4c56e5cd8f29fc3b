// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <array>

#include "effects/face_shape.hpp"
#include "effects/faces/network.hpp"
#include "effects/faces/region.hpp"
#include "effects/faces/sampler.hpp"

namespace livepusher::effects::faces {

/// The points of a face; px of the picture looked at.
struct FaceMesh {
    std::array<Point, FaceShape::kPoints> points{};
    float presence = 0;     ///< 0..1: below 0.5 there is no face, and the points mean nothing
    Region region() const;  ///< where to look for it in the next picture
};

/// Finds the points of one face when told about where it is: MediaPipe's face mesh. Belongs to one thread.
class Landmarks {
public:
    /// Refuses networks that are not that mesh.
    static Result<Landmarks> create(Network network);
    Result<FaceMesh> find(const VideoFrame& picture, const Region& region);

private:
    explicit Landmarks(Network network) : network_(std::move(network)) {}

    Network network_;
    Sampler sampler_;
};

}  // namespace livepusher::effects::faces
