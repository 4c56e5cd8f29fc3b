// SPDX-License-Identifier: MIT
#pragma once

#include "effects/plane.hpp"

#include <array>
#include <cstdint>
#include <vector>

/// The arithmetic of skin smoothing: a fast guided filter (He and Sun, 2015) whose coefficients are found on a picture of a
/// quarter of the width and height. Written once for all vector units; each gives the same result to the bit.
namespace livepusher::effects::kernels {

/// One plane of a frame, 8 bit.
struct Bytes {
    const std::uint8_t* first = nullptr;
    int stride = 0, width = 0, height = 0;
};

/// Rows of a quarter picture, `begin` up to but not including `end`.
struct Rows {
    int begin = 0, end = 0;
};

/// `out`, a quarter of the size (rounded up): sums of 4x4 samples - 2048, so 1/16 of a step, 0 at 128.
void shrinkLuma(const Bytes& luma, Plane<std::int16_t>& out);
/// `out`, half of the size (rounded up): sums of 2x2 samples - 512, so 1/4 of a step, 0 at 128.
void shrinkChroma(const Bytes& chroma, Plane<std::int16_t>& out);

/// Which colours are skin: a soft ellipse in (Cb, Cr), a ramp in luma.
struct Gate {
    float cb = 0, cr = 0;                ///< its middle, 0 at 128
    float cbCb = 0, cbCr = 0, crCr = 0;  ///< squared distance = cbCb·b² + 2·cbCr·b·r + crCr·r²
    float inner = 4, outer = 9;          ///< squared distance up to which it is skin, from which it is not
    float darkest = 40, bright = 70;     ///< luma below which nothing is skin, from which the colour alone decides
};

/// 0..255 for each pixel of the quarter picture.
void gateColours(const Gate& gate, const Plane<std::int16_t>& luma, const Plane<std::int16_t>& cb, const Plane<std::int16_t>& cr,
                 Plane<std::int16_t>& out);

/// Memory for sums over columns.
struct ColumnSums {
    std::vector<std::int32_t> first, second;
};

/// `out` = mean of `in` over (2r + 1)² cells, edge cells repeated; r at most 8.
void boxMean(const Plane<std::int16_t>& in, int r, ColumnSums& sums, Plane<std::int16_t>& out);

/// Variance, in steps², from which a cell counts as an edge.
inline constexpr float kEdge = 250;

/// What the guided filter says of each cell: q = a·Y + b. `a` in 1/16384, `b` in 1/64 of a step, 0 at 128.
/// a = v / (v + eps·e), with e = kEdge / (v + kEdge): where variance v is large eps counts less, so that a strong level does
/// not take eyes and lips with the skin, as the plain v / (v + eps) would.
void guide(const Plane<std::int16_t>& luma, int r, float eps, Rows rows, ColumnSums& sums, Plane<std::int16_t>& a,
           Plane<std::int16_t>& b);

/// How the filter's answer is mixed with the picture.
struct Mix {
    float strength = 0;            ///< 0..1 where the mask is full
    float textureKept = 0;         ///< 0..1 of the finest detail
    const float* curve = nullptr;  ///< luma to become at luma 0..255 in the mask; null: no skin brightening
    const float* slope = nullptr;  ///< the curve's slope there
};

/// out = Y·gain + offset for each cell: `gain` in 1/2048 (below 2), `offset` in 1/16 of a step.
void fold(const Plane<std::int16_t>& a, const Plane<std::int16_t>& b, const Plane<std::int16_t>& luma,
          const Plane<std::int16_t>& mask, const Mix& mix, int r, Rows rows, ColumnSums& sums, Plane<std::int16_t>& gain,
          Plane<std::int16_t>& offset);

/// Cells of a row of the quarter picture that have any skin; none: begin == end.
using Extent = Rows;

/// Memory for one row.
struct Lines {
    std::vector<std::int16_t> gain, offset;
};

/// Y = Y·gain + offset in place, both spread smoothly over 4x4 pixels. `extents[y]`: the cells of row y that change anything.
void applyGain(std::uint8_t* luma, int stride, int width, int height, const Plane<std::int16_t>& gain,
               const Plane<std::int16_t>& offset, const std::vector<Extent>& extents, Lines& lines);

}  // namespace livepusher::effects::kernels
