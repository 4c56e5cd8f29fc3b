// SPDX-License-Identifier: MIT
#pragma once

#include "effects/colour_kernels.hpp"
#include "effects/rgb.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace livepusher::effects {

/// The table of what becomes of its 33³ nodes, of (u, v, y) with y fastest.
std::shared_ptr<const kernels::ColourCells> cellsOf(const std::vector<Yuv>& nodes);

/// The table of any change of colours, worked out at its nodes. About 10 ms.
template <typename Change>
std::shared_ptr<const kernels::ColourCells> colourCells(const Change& change) {
    constexpr int kNodes = kernels::ColourCells::kNodes;
    std::vector<Yuv> nodes;
    nodes.reserve(std::size_t{kNodes} * kNodes * kNodes);
    const auto at = [](int node) { return static_cast<float>(8 * node); };
    for (int u = 0; u < kNodes; ++u)
        for (int v = 0; v < kNodes; ++v)
            for (int y = 0; y < kNodes; ++y) nodes.push_back(change(Yuv{at(y), at(u), at(v)}));
    return cellsOf(nodes);
}

}  // namespace livepusher::effects
