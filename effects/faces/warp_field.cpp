// SPDX-License-Identifier: MIT
#include "effects/faces/warp.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "effects/faces/region.hpp"
#include "effects/polygon.hpp"

namespace livepusher::effects::faces {

namespace {

constexpr std::array<std::uint16_t, 6> kRightJaw{132, 58, 172, 136, 150, 176}, kLeftJaw{361, 288, 397, 365, 379, 400};
constexpr std::size_t kNoseTip = 4;

constexpr float kEyeRadius = 1.25F, kEyeGrowth = 0.3F;  // widths of the eye; share of the way to its middle
constexpr float kJawRadius = 0.38F, kJawPull = 0.027F;  // widths of the face; share of the way to the nose
// Beside the face the picture has to come after it; it does so within this, in widths of the face.
constexpr float kFalloff = 0.2F;

float bump(float squaredShare) { return squaredShare < 1 ? (1 - squaredShare) * (1 - squaredShare) : 0; }

float squared(Point a, Point b) { return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y); }

}  // namespace

FaceWarp::FaceWarp(const FaceShape& face, const WarpStrength& strength) {
    const auto& p = face.points;
    const float thinner = strength.thinner * face.opacity;
    bigger_ = strength.biggerEyes * face.opacity * kEyeGrowth;
    if (bigger_ > 0)
        for (const auto& [outer, inner] : {std::pair{33, 133}, std::pair{263, 362}}) {
            const auto &a = p[static_cast<std::size_t>(outer)], &b = p[static_cast<std::size_t>(inner)];
            if (const float radius = kEyeRadius * distance(a, b); radius > 1) eyes_.push_back({middle(a, b), radius});
        }
    if (thinner > 0 && face.width > 1) {
        jawRadius_ = kJawRadius * face.width;
        falloff_ = kFalloff * face.width;
        for (const auto& side : {kRightJaw, kLeftJaw})
            for (const auto i : side)
                jaw_.push_back(
                    {p[i], {(p[kNoseTip].x - p[i].x) * kJawPull * thinner, (p[kNoseTip].y - p[i].y) * kJawPull * thinner}});
        for (const auto i : kFaceOval) oval_.push_back(p[i]);
    }
}

float FaceWarp::outside(Point place) const {
    bool inside = false;
    float nearest = falloff_ * falloff_;
    for (std::size_t i = 0, j = oval_.size() - 1; i < oval_.size(); j = i++) {
        const Point a = oval_[i], b = oval_[j], edge{b.x - a.x, b.y - a.y}, way{place.x - a.x, place.y - a.y};
        if ((a.y > place.y) != (b.y > place.y) && way.x < edge.x * way.y / edge.y) inside = !inside;
        const float along =
            std::clamp((way.x * edge.x + way.y * edge.y) / std::max(edge.x * edge.x + edge.y * edge.y, 1e-6F), 0.0F, 1.0F);
        nearest = std::min(nearest, squared(way, {edge.x * along, edge.y * along}));
    }
    return inside ? 0 : std::sqrt(nearest);
}

Point FaceWarp::shiftAt(Point place) const {
    Point shift;
    for (const auto& jaw : jaw_) {
        const float weight = bump(squared(place, jaw.centre) / (jawRadius_ * jawRadius_));
        shift.x -= jaw.pull.x * weight;
        shift.y -= jaw.pull.y * weight;
    }
    if (shift.x != 0 || shift.y != 0) {
        const float left = 1 - outside(place) / falloff_, share = left * left * (3 - 2 * left);
        shift.x *= share;
        shift.y *= share;
    }
    for (const auto& eye : eyes_) {
        const float weight = bigger_ * bump(squared(place, eye.centre) / (eye.radius * eye.radius));
        shift.x -= (place.x - eye.centre.x) * weight;
        shift.y -= (place.y - eye.centre.y) * weight;
    }
    return shift;
}

float FaceWarp::smallestRadius() const {
    float radius = jaw_.empty() ? 1e9F : falloff_;
    for (const auto& eye : eyes_) radius = std::min(radius, eye.radius);
    return radius;
}

base::Rect FaceWarp::bounds(int width, int height) const {
    std::vector<Point> corners;
    const auto add = [&](Point centre, float radius) {
        corners.push_back({centre.x - radius, centre.y - radius});
        corners.push_back({centre.x + radius, centre.y + radius});
    };
    for (const auto& eye : eyes_) add(eye.centre, eye.radius);
    for (const auto& jaw : jaw_) add(jaw.centre, jawRadius_);
    return boundsOf(corners, width, height);
}

void fillField(const FaceShape& face, const WarpStrength& strength, int width, int height, WarpField& field) {
    field.clear();
    const FaceWarp warp(face, strength);
    const base::Rect bounds = warp.bounds(width, height);
    if (bounds.width <= 0 || bounds.height <= 0) return;
    // Cells of 16 px follow a bend over 48 px and more; more of them cost time.
    field.cell = warp.smallestRadius() < 48 ? 8 : 16;
    const int left = bounds.x / field.cell, top = bounds.y / field.cell;
    field.columns = (bounds.x + bounds.width + field.cell - 1) / field.cell - left;
    field.rows = (bounds.y + bounds.height + field.cell - 1) / field.cell - top;
    field.part = {left * field.cell, top * field.cell, 0, 0};
    field.part.width = std::min(field.columns * field.cell, width - field.part.x);
    field.part.height = std::min(field.rows * field.cell, height - field.part.y);
    const auto nodes = static_cast<std::size_t>(field.columns + 1) * static_cast<std::size_t>(field.rows + 1);
    field.shiftX.resize(nodes);
    field.shiftY.resize(nodes);
    for (int row = 0; row <= field.rows; ++row)
        for (int column = 0; column <= field.columns; ++column) {
            const Point place{static_cast<float>(field.part.x + column * field.cell) + 0.5F,
                              static_cast<float>(field.part.y + row * field.cell) + 0.5F};
            const Point shift = warp.shiftAt(place);
            const auto at = field.node(column, row);
            field.shiftX[at] = static_cast<std::int32_t>(std::lround(shift.x * WarpField::kUnit));
            field.shiftY[at] = static_cast<std::int32_t>(std::lround(shift.y * WarpField::kUnit));
        }
}

}  // namespace livepusher::effects::faces
