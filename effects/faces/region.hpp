// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include "effects/face_shape.hpp"

namespace livepusher::effects::faces {

/// An upright rectangle; px.
struct Box {
    float left = 0, top = 0, right = 0, bottom = 0;
    float width() const { return right - left; }
    float height() const { return bottom - top; }
    float area() const { return std::max(width(), 0.0F) * std::max(height(), 0.0F); }
    Point centre() const { return {(left + right) / 2, (top + bottom) / 2}; }
};

/// How much two boxes are the same: what both cover to what either does, 0..1.
inline float overlap(const Box& a, const Box& b) {
    const Box both{std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right), std::min(a.bottom, b.bottom)};
    if (both.width() <= 0 || both.height() <= 0) return 0;
    return both.area() / (a.area() + b.area() - both.area());
}

inline Box boxAround(std::span<const Point> points) {
    Box box{points[0].x, points[0].y, points[0].x, points[0].y};
    for (const auto& p : points) {
        box.left = std::min(box.left, p.x);
        box.right = std::max(box.right, p.x);
        box.top = std::min(box.top, p.y);
        box.bottom = std::max(box.bottom, p.y);
    }
    return box;
}

inline float distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y); }
inline Point middle(Point a, Point b) { return {(a.x + b.x) / 2, (a.y + b.y) / 2}; }

/// A square that may lie askew; px.
struct Region {
    Point centre;
    float side = 0;
    float angle = 0;  ///< clockwise, rad
};

/// Where the face mesh looks for a face in that box: upright by its eyes and with room around it, as the model was taught.
inline Region regionOf(const Box& box, Point rightEye, Point leftEye) {
    constexpr float kRoom = 1.5F;
    return {box.centre(), kRoom * std::max(box.width(), box.height()),
            std::atan2(leftEye.y - rightEye.y, leftEye.x - rightEye.x)};
}

}  // namespace livepusher::effects::faces
