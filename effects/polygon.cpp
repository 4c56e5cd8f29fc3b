// SPDX-License-Identifier: MIT
#include "effects/polygon.hpp"

#include <algorithm>
#include <cmath>

namespace livepusher::effects {

Box boundsOf(std::span<const Point> polygon, int width, int height) {
    if (polygon.empty()) return {};
    float left = polygon[0].x, right = left, top = polygon[0].y, bottom = top;
    for (const auto& point : polygon) {
        left = std::min(left, point.x);
        right = std::max(right, point.x);
        top = std::min(top, point.y);
        bottom = std::max(bottom, point.y);
    }
    // Compared as floats first: a point far outside has no int.
    const auto inside = [](float at, int most) { return static_cast<int>(std::clamp(at, 0.0F, static_cast<float>(most))); };
    return {inside(std::floor(left), width), inside(std::floor(top), height), inside(std::ceil(right), width),
            inside(std::ceil(bottom), height)};
}

}  // namespace livepusher::effects
