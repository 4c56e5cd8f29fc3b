// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "av/colour_map.hpp"

/// The arithmetic of the colour map, written once for all vector units; each gives the same result to the bit.
namespace livepusher::capture::kernels {

/// 10-bit planes to read and 8-bit planes to write, 4:2:0.
struct DeepPicture {
    std::array<const std::uint16_t*, 3> from{};
    std::array<int, 3> fromStride{};  ///< in values
    std::array<std::uint8_t*, 3> to{};
    std::array<int, 3> toStride{};
    int width = 0, height = 0;  ///< px, even
};

/// One row of chroma and its two of luma, between reading and writing.
struct MapRows {
    /// Of a block among the map's nodes.
    struct Place {
        std::uint32_t cell = 0;    ///< its lower corner
        std::uint32_t shares = 0;  ///< where in it, of 32, a byte each: u, v, y
    };

    std::vector<std::int16_t> changes;  ///< a node's values for each block of 2 x 2
    std::vector<std::int16_t> luma;     ///< of grey
    std::vector<std::uint16_t> means;   ///< of each block's luma
    std::vector<Place> places;

    void fit(int width);
};

/// Puts a picture through the map. Four pixels share what their chroma and their mean luma make of them; the differences
/// between the four follow the curve of grey. What exceeds 10 bits is cut.
void mapColours(const ColourMap& map, const DeepPicture& picture, MapRows& rows);

}  // namespace livepusher::capture::kernels
