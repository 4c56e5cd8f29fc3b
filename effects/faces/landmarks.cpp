// SPDX-License-Identifier: MIT
#include "effects/faces/models.hpp"

#include <cmath>
#include <utility>

namespace livepusher::effects::faces {

namespace {

constexpr int kMeshSide = 192;
constexpr std::size_t kCoordinates = FaceShape::kPoints * 3;
constexpr std::size_t kRightEyeCorner = 33, kLeftEyeCorner = 263;

}  // namespace

Region FaceMesh::region() const { return regionOf(boxAround(points), points[kRightEyeCorner], points[kLeftEyeCorner]); }

Result<Landmarks> Landmarks::create(Network network) {
    const auto shape = network.inputShape();
    if (shape[1] != kMeshSide || shape[2] != kMeshSide || shape[3] != 3 || network.outputs() != 2 ||
        network.output(0).size() != kCoordinates || network.output(1).size() != 1)
        return Error{Code::InvalidArgument, "it is not a face mesh (192x192 to 468 points)"};
    return Landmarks(std::move(network));
}

Result<FaceMesh> Landmarks::find(const VideoFrame& picture, const Region& region) {
    sampler_.square(picture, region, kMeshSide, {0, 1}, network_.input());
    if (auto run = network_.run(); !run) return run.error();
    const auto raw = network_.output(0);
    const float scale = region.side / kMeshSide, half = static_cast<float>(kMeshSide) / 2;
    const float across = std::cos(region.angle) * scale, down = std::sin(region.angle) * scale;
    FaceMesh mesh;
    mesh.presence = 1 / (1 + std::exp(-network_.output(1)[0]));
    for (std::size_t i = 0; i < FaceShape::kPoints; ++i) {
        const float x = raw[3 * i] - half, y = raw[3 * i + 1] - half;
        mesh.points[i] = {region.centre.x + x * across - y * down, region.centre.y + x * down + y * across};
        if (!std::isfinite(mesh.points[i].x) || !std::isfinite(mesh.points[i].y)) mesh.presence = 0;
    }
    return mesh;
}

}  // namespace livepusher::effects::faces
