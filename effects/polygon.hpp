// SPDX-License-Identifier: MIT
#pragma once

#include "effects/face_shape.hpp"
#include "media/picture_size.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace livepusher::effects {

/// The cells that a polygon can touch, inside a plane of that size.
inline base::Rect boundsOf(std::span<const Point> polygon, int width, int height) {
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
    const int x = inside(std::floor(left), width), y = inside(std::floor(top), height);
    return {x, y, inside(std::ceil(right), width) - x, inside(std::ceil(bottom), height) - y};
}

/// Calls for each cell with how much of it the polygon covers, 0..255: cell (0, 0) has its middle at (0.5, 0.5). What is
/// covered twice (a polygon that crosses itself) counts as outside.
/// `paint(x, y, coverage)`; [any-thread]
template <typename Paint>
void paintPolygon(std::span<const Point> polygon, int width, int height, const Paint& paint) {
    constexpr int kLines = 4;  // sampled down each cell; across, coverage is exact
    constexpr std::size_t kMostCrossings = 64;
    const auto box = boundsOf(polygon, width, height);
    std::array<std::array<float, kMostCrossings>, kLines> crossings{};
    for (int y = box.y; y < box.y + box.height; ++y) {
        std::array<std::size_t, kLines> count{};
        for (std::size_t line = 0; line < kLines; ++line) {
            const float at = static_cast<float>(y) + (static_cast<float>(line) + 0.5F) / kLines;
            for (std::size_t i = 0; i < polygon.size() && count[line] < kMostCrossings; ++i) {
                const auto &from = polygon[i], &to = polygon[(i + 1) % polygon.size()];
                if ((from.y <= at) == (to.y <= at)) continue;
                crossings[line][count[line]++] = from.x + (at - from.y) * (to.x - from.x) / (to.y - from.y);
            }
            std::sort(crossings[line].begin(), crossings[line].begin() + static_cast<std::ptrdiff_t>(count[line]));
        }
        for (int x = box.x; x < box.x + box.width; ++x) {
            float covered = 0;
            for (std::size_t line = 0; line < kLines; ++line)
                for (std::size_t i = 0; i + 1 < count[line]; i += 2) {
                    const float from = std::max(crossings[line][i], static_cast<float>(x));
                    const float to = std::min(crossings[line][i + 1], static_cast<float>(x + 1));
                    covered += std::max(to - from, 0.0F);
                }
            if (covered > 0) paint(x, y, static_cast<int>(std::lround(covered * 255 / kLines)));
        }
    }
}

}  // namespace livepusher::effects
