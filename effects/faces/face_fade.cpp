// SPDX-License-Identifier: MIT
#include "effects/faces/face_fade.hpp"

#include <algorithm>
#include <cmath>

#include "effects/faces/region.hpp"

namespace livepusher::effects::faces {

namespace {

constexpr Timestamp kTooOld = std::chrono::seconds(1), kFarthestAhead = std::chrono::milliseconds(100);

/// How far a face has gone since it was seen. Half of its speed guesses best, measured on people who talk; one that keeps
/// still must not tremble by what is only noise.
Point wayOf(const TrackedFace& face, float width, Timestamp moment) {
    const float age = std::chrono::duration<float>(std::clamp(moment - face.moment, Timestamp(0), kFarthestAhead)).count();
    const float quick = std::hypot(face.speed.x, face.speed.y) / std::max(width, 1.0F);
    const float share = 0.5F * age * quick / (quick + 0.2F);
    return {face.speed.x * share, face.speed.y * share};
}

}  // namespace

void FaceFade::step(const TrackedFaces* found, int width, int height, Timestamp moment, bool atOnce,
                    std::vector<FaceShape>& faces) {
    for (auto& one : shown_) one.there = false;
    if (found != nullptr && moment - found->moment < kTooOld && found->width > 0 && found->height > 0) {
        // The pushed size can have changed since.
        const float scaleX = static_cast<float>(width) / static_cast<float>(found->width);
        const float scaleY = static_cast<float>(height) / static_cast<float>(found->height);
        for (const auto& face : found->faces) {
            auto at = std::find_if(shown_.begin(), shown_.end(), [&](const Shown& one) { return one.id == face.id; });
            if (at == shown_.end()) {
                at = shown_.insert(shown_.end(), Shown{face.id, true, {}});
                at->shape.opacity = atOnce ? 1.0F : 0.0F;
            }
            at->there = true;
            const Point way = wayOf(face, distance(face.points[234], face.points[454]), moment);
            for (std::size_t i = 0; i < FaceShape::kPoints; ++i)
                at->shape.points[i] = {(face.points[i].x + way.x) * scaleX, (face.points[i].y + way.y) * scaleY};
            at->shape.width = distance(at->shape.points[234], at->shape.points[454]);
            at->shape.moment = face.moment;
        }
    }
    constexpr float kStep = 1.0F / kFrames;
    for (auto& one : shown_) {
        // Neither 0 nor 1 by halves: a sixth six times is not 1 to the last bit.
        const float next = one.shape.opacity + (one.there ? kStep : -kStep);
        one.shape.opacity = next < kStep / 2 ? 0 : next > 1 - kStep / 2 ? 1 : next;
    }
    std::erase_if(shown_, [](const Shown& one) { return one.shape.opacity <= 0; });
    faces.clear();
    for (const auto& one : shown_) faces.push_back(one.shape);
}

}  // namespace livepusher::effects::faces
