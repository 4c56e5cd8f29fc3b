// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "effects/face_shape.hpp"
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

struct Models {
    Detector detector;
    Landmarks landmarks;
};

/// Directories that are looked into when none is set: share/livepusher/models beside the library or program that this code
/// is in, so that an installed tree can be moved and a build tree serves itself; then where this build would be installed.
std::vector<std::string> modelPlaces();

/// The directory that holds both models: `directory`, or where it is empty the first of modelPlaces() that does.
Result<std::string> findModels(const std::string& directory);

/// Reads both. Takes some 20 ms.
Result<Models> loadModels(const std::string& directory);

}  // namespace livepusher::effects::faces
