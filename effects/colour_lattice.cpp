// SPDX-License-Identifier: MIT
#include "effects/colour_lattice.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace livepusher::effects {

namespace {

using kernels::ColourCells;
constexpr std::size_t kNodes = ColourCells::kNodes;

/// As the table holds it.
std::int16_t fixed(float value) {
    constexpr float kMost = 2047;  // so that eight times it is still 16 bits
    if (!std::isfinite(value)) value = 128;
    return static_cast<std::int16_t>(std::lround(std::clamp((value - 128) * 16, -kMost - 1, kMost + 1)));
}

std::size_t nodeAt(std::size_t u, std::size_t v, std::size_t y) { return (u * kNodes + v) * kNodes + y; }

}  // namespace

std::shared_ptr<const ColourCells> cellsOf(const std::vector<Yuv>& nodes) {
    std::vector<std::array<std::int16_t, 3>> values;
    values.reserve(nodes.size());
    for (const auto& node : nodes) values.push_back({fixed(node.y), fixed(node.u), fixed(node.v)});
    auto cells = std::make_shared<ColourCells>();
    constexpr std::array<std::array<std::size_t, 2>, 4> kCorner{{{0, 0}, {1, 1}, {1, 0}, {0, 1}}};
    for (std::size_t plane = 0; plane < 3; ++plane) {
        auto* to = cells->plane(plane);
        for (std::size_t u = 0; u < ColourCells::kCells; ++u)
            for (std::size_t v = 0; v < ColourCells::kCells; ++v)
                for (std::size_t y = 0; y < ColourCells::kCells; ++y)
                    for (const auto& [du, dv] : kCorner)
                        for (std::size_t dy = 0; dy < 2; ++dy) *to++ = values[nodeAt(u + du, v + dv, y + dy)][plane];
    }
    return cells;
}

}  // namespace livepusher::effects
