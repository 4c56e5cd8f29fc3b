// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <vector>

#include "effects/faces/network.hpp"
#include "effects/faces/region.hpp"
#include "effects/faces/sampler.hpp"

namespace livepusher::effects::faces {

/// A face that may be there; px of the picture looked at.
struct Detection {
    Box box;                  ///< from the brows to the chin
    Point rightEye, leftEye;  ///< the person's own right and left
    float score = 0;          ///< 0..1
};

/// Finds faces anywhere in a picture: MediaPipe's short-range BlazeFace. It sees faces of a fifth of the longer side and
/// more. Belongs to one thread.
class Detector {
public:
    /// Refuses networks that are not that detector.
    static Result<Detector> create(Network network);

    /// Those in an upright part of the picture, best first, none twice.
    Result<std::vector<Detection>> find(const VideoFrame& picture, const Box& part);

private:
    explicit Detector(Network network) : network_(std::move(network)) {}

    Network network_;
    Sampler sampler_;
};

}  // namespace livepusher::effects::faces
