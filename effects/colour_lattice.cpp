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

using Node = std::array<std::int16_t, 3>;

/// As the table holds it.
std::int16_t fixed(float value) {
    constexpr float kMost = 2047;  // so that eight times it is still 16 bits
    if (!std::isfinite(value)) value = 128;
    return static_cast<std::int16_t>(std::lround(std::clamp((value - 128) * 16, -kMost - 1, kMost + 1)));
}

std::size_t nodeAt(std::size_t u, std::size_t v, std::size_t y) { return (u * kNodes + v) * kNodes + y; }

std::vector<Node> nodesOf(const std::function<Yuv(const Yuv&)>& change) {
    std::vector<Node> nodes(kNodes * kNodes * kNodes);
    const auto at = [](std::size_t node) { return static_cast<float>(8 * node); };
    for (std::size_t u = 0; u < kNodes; ++u)
        for (std::size_t v = 0; v < kNodes; ++v)
            for (std::size_t y = 0; y < kNodes; ++y) {
                const auto made = change({at(y), at(u), at(v)});
                nodes[nodeAt(u, v, y)] = {fixed(made.y), fixed(made.u), fixed(made.v)};
            }
    return nodes;
}

}  // namespace

std::shared_ptr<const ColourCells> colourCells(const std::function<Yuv(const Yuv&)>& change) {
    const auto nodes = nodesOf(change);
    auto cells = std::make_shared<ColourCells>();
    constexpr std::array<std::array<std::size_t, 2>, 4> kCorner{{{0, 0}, {1, 1}, {1, 0}, {0, 1}}};
    for (std::size_t plane = 0; plane < 3; ++plane) {
        auto* to = cells->plane(plane);
        for (std::size_t u = 0; u < ColourCells::kCells; ++u)
            for (std::size_t v = 0; v < ColourCells::kCells; ++v)
                for (std::size_t y = 0; y < ColourCells::kCells; ++y)
                    for (const auto& [du, dv] : kCorner)
                        for (std::size_t dy = 0; dy < 2; ++dy) *to++ = nodes[nodeAt(u + du, v + dv, y + dy)][plane];
    }
    return cells;
}

}  // namespace livepusher::effects
