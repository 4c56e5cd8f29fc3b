// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

/// The arithmetic of the colour table, written once for all vector units; each gives the same result to the bit.
namespace livepusher::effects::kernels {

/// A colour table as it is read: for each cell of 8 x 8 x 8 steps in (U, V, Y) the values at its corners, so that one load of
/// 16 bytes holds all that a pixel needs. In 1/16 of a step, 0 at 128.
class ColourCells {
public:
    static constexpr int kNodes = 33;           ///< at 0, 8, .. 256 of each of U, V, Y
    static constexpr std::size_t kCells = 32;   ///< between them
    static constexpr std::size_t kCorners = 8;  ///< (u, v) = 00 11 10 01, each at its lower and upper Y
    static constexpr std::size_t kPlane = kCells * kCells * kCells * kCorners;

    ColourCells() : values_(3 * kPlane) {}
    /// Of output plane 0 (Y), 1 (U), 2 (V): corners by cell (u, v, y), y fastest.
    std::int16_t* plane(std::size_t i) { return values_.data() + i * kPlane; }
    const std::int16_t* plane(std::size_t i) const { return values_.data() + i * kPlane; }
    std::vector<std::int16_t>& values() { return values_; }
    const std::vector<std::int16_t>& values() const { return values_; }

private:
    std::vector<std::int16_t> values_;
};

/// An I420 picture to read, and to write: it may be the same. Rows can be read and written up to a multiple of 8 pixels.
struct Picture {
    std::array<const std::uint8_t*, 3> from{};
    std::array<int, 3> fromStride{};
    std::array<std::uint8_t*, 3> to{};
    std::array<int, 3> toStride{};
    int width = 0, height = 0;  ///< px, even
};

/// Puts a picture through the table. In (U, V) between the three nodes of the triangle it lies in, in Y between the two:
/// a prism. Four pixels share their chroma, which is looked up at their mean luma.
void applyColours(const ColourCells& cells, const Picture& picture);

/// shown += (wanted - shown) · share / 65536; share: at most half of that.
void approach(std::vector<std::int16_t>& shown, const std::vector<std::int16_t>& wanted, int share);

}  // namespace livepusher::effects::kernels
