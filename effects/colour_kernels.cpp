// SPDX-License-Identifier: MIT
#include "effects/colour_kernels.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "effects/colour_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace livepusher::effects::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The cells above one chroma sample, and where in them it lies.
struct Column {
    std::ptrdiff_t cells;         // of the lowest, in values
    const std::int16_t* weights;  // of the corners, in eighths
};

using Weights = std::array<std::array<std::int16_t, ColourCells::kCorners>, 64>;

/// For each (u, v) within a cell: both triangles in one, one corner's weight being 0.
constexpr Weights makeWeights() {
    Weights made{};
    for (int u = 0; u < 8; ++u) {
        for (int v = 0; v < 8; ++v) {
            const std::array<int, 4> corner{8 - (u > v ? u : v), u < v ? u : v, u > v ? u - v : 0, v > u ? v - u : 0};
            for (std::size_t i = 0; i < ColourCells::kCorners; ++i)
                made[static_cast<std::size_t>(8 * u + v)][i] = static_cast<std::int16_t>(corner[i / 2]);
        }
    }
    return made;
}
alignas(16) constexpr Weights kWeights = makeWeights();

HWY_INLINE Column columnAt(unsigned u, unsigned v) {
    constexpr auto kColumn = static_cast<unsigned>(ColourCells::kCells * ColourCells::kCorners);
    return {static_cast<std::ptrdiff_t>(((u >> 3) * ColourCells::kCells + (v >> 3)) * kColumn),
            kWeights[8 * (u & 7) + (v & 7)].data()};
}

#if HWY_TARGET == HWY_SCALAR  // one lane: what the vectors do, value by value

int value(const std::int16_t* plane, const Column& column, int luma) {
    const auto* cell = plane + column.cells + luma / 8 * static_cast<int>(ColourCells::kCorners);
    int low = 0, high = 0;
    for (std::size_t i = 0; i < ColourCells::kCorners; i += 2) {
        low += cell[i] * column.weights[i];
        high += cell[i + 1] * column.weights[i];
    }
    const int rise = static_cast<std::int16_t>(high - low);
    const int result = (low >> 1) + ((rise * ((luma & 7) << 12)) >> 16);
    return std::clamp((result + 32 + (128 << 6)) >> 6, 0, 255);
}

void ApplyColours(const ColourCells& cells, const Picture& picture) {
    for (int y = 0; y < picture.height; y += 2) {
        for (int x = 0; x < picture.width; x += 2) {
            std::array<std::ptrdiff_t, 3> from{}, to{};
            for (std::size_t i = 0; i < 3; ++i) {
                from[i] = std::ptrdiff_t{i == 0 ? y : y / 2} * picture.fromStride[i] + (i == 0 ? x : x / 2);
                to[i] = std::ptrdiff_t{i == 0 ? y : y / 2} * picture.toStride[i] + (i == 0 ? x : x / 2);
            }
            const auto column = columnAt(picture.from[1][from[1]], picture.from[2][from[2]]);
            int sum = 2;
            for (int i = 0; i < 4; ++i) {
                const int luma = picture.from[0][from[0] + i / 2 * picture.fromStride[0] + i % 2];
                sum += luma;
                picture.to[0][to[0] + i / 2 * picture.toStride[0] + i % 2] =
                    static_cast<std::uint8_t>(value(cells.plane(0), column, luma));
            }
            for (std::size_t i = 1; i < 3; ++i)
                picture.to[i][to[i]] = static_cast<std::uint8_t>(value(cells.plane(i), column, sum / 4));
        }
    }
}

#else

using D16 = hn::FixedTag<std::int16_t, 8>;
using DU16 = hn::FixedTag<std::uint16_t, 8>;
using D32 = hn::FixedTag<std::uint32_t, 4>;
using D64 = hn::FixedTag<std::uint64_t, 2>;
using DBytes = hn::FixedTag<std::uint8_t, 8>;
using V = hn::Vec<D16>;

/// A cell's corners times the column's weights: four pairs (at the lower Y, at the upper) to add up.
HWY_INLINE V corners(const std::int16_t* cell, V weights) { return hn::Mul(hn::LoadU(D16(), cell), weights); }

/// Four such sums: (lower, upper) of a, b, c, d.
HWY_INLINE V sums(V a, V b, V c, V d) {
    const D16 d16;
    const D32 d32;
    const D64 d64;
    const auto halves = [&](V left, V right) HWY_ATTR {
        const auto l = hn::BitCast(d64, left), r = hn::BitCast(d64, right);
        return hn::BitCast(
            d32, hn::Add(hn::BitCast(d16, hn::InterleaveLower(d64, l, r)), hn::BitCast(d16, hn::InterleaveUpper(d64, l, r))));
    };
    const auto ab = halves(a, b), cd = halves(c, d);
    return hn::Add(hn::BitCast(d16, hn::ConcatEven(d32, cd, ab)), hn::BitCast(d16, hn::ConcatOdd(d32, cd, ab)));
}

/// Between lower and upper, as far as each luma lies above its node; back to bytes' range.
HWY_INLINE V between(V first, V second, V luma) {
    const D16 d16;
    const D32 d32;
    // Each 32-bit lane holds lower and upper: pack the lowers of both vectors, and the uppers.
    const auto split = [&](V pairs) HWY_ATTR { return hn::BitCast(d32, pairs); };
    const auto lows = [&](V pairs) HWY_ATTR {
        return hn::ShiftRight<16>(hn::BitCast(hn::FixedTag<std::int32_t, 4>(), hn::ShiftLeft<16>(split(pairs))));
    };
    const auto highs = [&](V pairs)
                           HWY_ATTR { return hn::ShiftRight<16>(hn::BitCast(hn::FixedTag<std::int32_t, 4>(), split(pairs))); };
    const auto low = hn::ReorderDemote2To(d16, lows(first), lows(second));
    const auto high = hn::ReorderDemote2To(d16, highs(first), highs(second));
    const auto at = hn::ShiftLeft<12>(hn::And(luma, hn::Set(d16, 7)));
    const auto result = hn::Add(hn::ShiftRight<1>(low), hn::MulHigh(hn::Sub(high, low), at));
    return hn::ShiftRight<6>(hn::Add(result, hn::Set(d16, 32 + (128 << 6))));
}

HWY_INLINE const std::int16_t* cellAt(const std::int16_t* column, unsigned luma) { return column + (luma & 0xF8U); }

void ApplyColours(const ColourCells& cells, const Picture& picture) {
    const D16 d16;
    const DU16 du16;
    const D32 d32;
    const DBytes bytes;
    const hn::FixedTag<std::uint8_t, 4> fourBytes;
    const auto *lumaCells = cells.plane(0), *uCells = cells.plane(1), *vCells = cells.plane(2);
    for (int y = 0; y < picture.height; y += 2) {
        const auto row = [&](std::size_t i, int line)
                             HWY_ATTR { return picture.from[i] + std::ptrdiff_t{line} * picture.fromStride[i]; };
        const auto target = [&](std::size_t i, int line)
                                HWY_ATTR { return picture.to[i] + std::ptrdiff_t{line} * picture.toStride[i]; };
        const auto *above = row(0, y), *below = row(0, y + 1), *us = row(1, y / 2), *vs = row(2, y / 2);
        auto *toAbove = target(0, y), *toBelow = target(0, y + 1), *toUs = target(1, y / 2), *toVs = target(2, y / 2);
        for (int x = 0; x < picture.width; x += 8) {
            const auto a = hn::PromoteTo(du16, hn::LoadU(bytes, above + x));
            const auto b = hn::PromoteTo(du16, hn::LoadU(bytes, below + x));
            // Block by block: two pixels from above, two from below.
            const auto pairsA = hn::BitCast(d32, a), pairsB = hn::BitCast(d32, b);
            const auto left = hn::BitCast(d16, hn::InterleaveLower(d32, pairsA, pairsB));
            const auto right = hn::BitCast(d16, hn::InterleaveUpper(d32, pairsA, pairsB));
            const auto total = hn::BitCast(d32, hn::Add(a, b));
            const auto mean = hn::ShiftRight<2>(
                hn::Add(hn::Add(hn::And(total, hn::Set(d32, 0xFFFF)), hn::ShiftRight<16>(total)), hn::Set(d32, 2)));
            HWY_ALIGN std::uint32_t means[4];
            hn::Store(mean, d32, means);

            V lumas[4], ofU[4], ofV[4];
            for (int block = 0; block < 4; ++block) {
                const auto column = columnAt(us[x / 2 + block], vs[x / 2 + block]);
                const auto weights = hn::Load(d16, column.weights);
                const auto* own = lumaCells + column.cells;
                const int at = x + 2 * block;
                lumas[block] = sums(corners(cellAt(own, above[at]), weights), corners(cellAt(own, above[at + 1]), weights),
                                    corners(cellAt(own, below[at]), weights), corners(cellAt(own, below[at + 1]), weights));
                ofU[block] = corners(cellAt(uCells + column.cells, means[block]), weights);
                ofV[block] = corners(cellAt(vCells + column.cells, means[block]), weights);
            }
            const auto leftDone = hn::BitCast(d32, between(lumas[0], lumas[1], left));
            const auto rightDone = hn::BitCast(d32, between(lumas[2], lumas[3], right));
            hn::StoreU(hn::DemoteTo(bytes, hn::BitCast(d16, hn::ConcatEven(d32, rightDone, leftDone))), bytes, toAbove + x);
            hn::StoreU(hn::DemoteTo(bytes, hn::BitCast(d16, hn::ConcatOdd(d32, rightDone, leftDone))), bytes, toBelow + x);

            const auto twice = hn::BitCast(d16, hn::ReorderDemote2To(d16, hn::BitCast(hn::FixedTag<std::int32_t, 4>(), mean),
                                                                     hn::BitCast(hn::FixedTag<std::int32_t, 4>(), mean)));
            const auto chroma =
                hn::DemoteTo(bytes, between(sums(ofU[0], ofU[1], ofU[2], ofU[3]), sums(ofV[0], ofV[1], ofV[2], ofV[3]), twice));
            HWY_ALIGN std::uint8_t both[8];
            hn::Store(chroma, bytes, both);
            hn::StoreU(hn::LoadU(fourBytes, both), fourBytes, toUs + x / 2);
            hn::StoreU(hn::LoadU(fourBytes, both + 4), fourBytes, toVs + x / 2);
        }
    }
}

#endif

void Approach(std::int16_t* shown, const std::int16_t* wanted, std::size_t count, int share) {
    const hn::ScalableTag<std::int16_t> d;
    const auto part = hn::Set(d, static_cast<std::int16_t>(std::min(share, 32767)));
    for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {  // the count is a multiple of any vector's
        const auto now = hn::LoadU(d, shown + i);
        hn::StoreU(hn::Add(now, hn::MulHigh(hn::Sub(hn::LoadU(d, wanted + i), now), part)), d, shown + i);
    }
}

}  // namespace livepusher::effects::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace livepusher::effects::kernels {

HWY_EXPORT(ApplyColours);
HWY_EXPORT(Approach);

void applyColours(const ColourCells& cells, const Picture& picture) { HWY_DYNAMIC_DISPATCH(ApplyColours)(cells, picture); }

void approach(std::vector<std::int16_t>& shown, const std::vector<std::int16_t>& wanted, int share) {
    HWY_DYNAMIC_DISPATCH(Approach)(shown.data(), wanted.data(), shown.size(), share);
}

}  // namespace livepusher::effects::kernels
#endif  // HWY_ONCE
