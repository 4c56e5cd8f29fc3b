// SPDX-License-Identifier: MIT
#pragma once

#include "effects/face_shape.hpp"
#include "effects/plane.hpp"

#include <cstdint>
#include <span>

namespace livepusher::effects {

/// Cells from (left, top) up to but not including (right, bottom).
struct Box {
    int left = 0, top = 0, right = 0, bottom = 0;
};

/// The cells that a polygon can touch, inside a plane of that size.
Box boundsOf(std::span<const Point> polygon, int width, int height);

/// Calls for each cell with how much of it the polygon covers, 0..255: cell (0, 0) has its middle at (0.5, 0.5). What is
/// covered twice (a polygon that crosses itself) counts as outside.
/// `paint(x, y, coverage)`; [any-thread]
template <typename Paint>
void paintPolygon(std::span<const Point> polygon, int width, int height, const Paint& paint);

}  // namespace livepusher::effects

// --- the template's body ---

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace livepusher::effects {

template <typename Paint>
void paintPolygon(std::span<const Point> polygon, int width, int height, const Paint& paint) {
    constexpr int kLines = 4;  // sampled down each cell; across, coverage is exact
    constexpr std::size_t kMostCrossings = 64;
    const auto box = boundsOf(polygon, width, height);
    std::array<std::array<float, kMostCrossings>, kLines> crossings{};
    for (int y = box.top; y < box.bottom; ++y) {
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
        for (int x = box.left; x < box.right; ++x) {
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
