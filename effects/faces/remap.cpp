// SPDX-License-Identifier: MIT
#include "effects/faces/remap.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "effects/faces/remap.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace livepusher::effects::faces {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// A row of one cell: from `first`, 16.16 places in the source that go on by `step`.
struct Span {
    std::int32_t firstX, firstY, stepX, stepY;
};

template <class Ints>
HWY_INLINE hn::VFromD<Ints> sampled(Ints ints, const Remap& plane, hn::VFromD<Ints> x, hn::VFromD<Ints> y) {
    const auto zero = hn::Zero(ints), byte = hn::Set(ints, 255);
    x = hn::Clamp(x, zero, hn::Set(ints, (plane.width - 1) << 16));
    y = hn::Clamp(y, zero, hn::Set(ints, (plane.height - 1) << 16));
    const auto stride = hn::Set(ints, plane.fromStride);
    const auto at = hn::Add(hn::Mul(hn::ShiftRight<16>(y), stride), hn::ShiftRight<16>(x));
    const auto* base = reinterpret_cast<const std::int32_t*>(plane.from);  // NOLINT: gathered by bytes
    const auto above = hn::GatherOffset(ints, base, at), below = hn::GatherOffset(ints, base, hn::Add(at, stride));
    const auto across = hn::And(hn::ShiftRight<8>(x), byte), down = hn::And(hn::ShiftRight<8>(y), byte);
    const auto mixed = [&](auto pair) HWY_ATTR {
        const auto left = hn::And(pair, byte), right = hn::And(hn::ShiftRight<8>(pair), byte);
        return hn::Add(hn::ShiftLeft<8>(left), hn::Mul(hn::Sub(right, left), across));
    };
    const auto upper = mixed(above), lower = mixed(below);
    const auto sum = hn::Add(hn::ShiftLeft<8>(upper), hn::Mul(hn::Sub(lower, upper), down));
    return hn::ShiftRight<16>(hn::Add(sum, hn::Set(ints, 1 << 15)));
}

template <class Ints>
HWY_INLINE void remapSpan(Ints ints, const Remap& plane, const Span& span, int size, std::uint8_t* to) {
    const hn::Rebind<std::uint8_t, Ints> bytes;
    const int lanes = static_cast<int>(hn::Lanes(ints));
    const auto ramp = hn::Iota(ints, 0);
    for (int x = 0; x < size; x += lanes) {
        const auto number = hn::Add(ramp, hn::Set(ints, x));
        const auto fromX = hn::Add(hn::Set(ints, span.firstX), hn::Mul(number, hn::Set(ints, span.stepX)));
        const auto fromY = hn::Add(hn::Set(ints, span.firstY), hn::Mul(number, hn::Set(ints, span.stepY)));
        const auto pixels = hn::DemoteTo(bytes, sampled(ints, plane, fromX, fromY));
        if (x + lanes <= size) {
            hn::StoreU(pixels, bytes, to + x);
        } else {  // the picture ends within the cell
            HWY_ALIGN std::uint8_t last[hn::MaxLanes(ints)];
            hn::StoreU(pixels, bytes, last);
            for (int i = 0; x + i < size; ++i) to[x + i] = last[i];
        }
    }
}

template <std::size_t kLanes>
HWY_INLINE void remapCells(const Remap& plane) {
    const hn::CappedTag<std::int32_t, kLanes> ints;
    const int log = plane.cell == 16 ? 4 : plane.cell == 8 ? 3 : 2;
    // A shift times the cell's size twice, of the interpolation down and across, becomes 16.16.
    const int up = 16 - 8 - 2 * log - plane.halved;
    const auto scaled = [up](std::int32_t value) { return up >= 0 ? value * (1 << up) : value >> -up; };
    for (int row = 0; row < plane.rows; ++row) {
        const auto* x0 = plane.shiftX + static_cast<std::ptrdiff_t>(row) * (plane.columns + 1);
        const auto* y0 = plane.shiftY + static_cast<std::ptrdiff_t>(row) * (plane.columns + 1);
        const auto *x1 = x0 + plane.columns + 1, *y1 = y0 + plane.columns + 1;
        for (int column = 0; column < plane.columns; ++column) {
            const int c = column, left = column << log, top = row << log;
            if ((x0[c] | x0[c + 1] | x1[c] | x1[c + 1] | y0[c] | y0[c + 1] | y1[c] | y1[c + 1]) == 0) continue;
            const int width = HWY_MIN(plane.cell, plane.width - left), height = HWY_MIN(plane.cell, plane.height - top);
            for (int y = 0; y < height; ++y) {
                const auto between = [&](std::int32_t above, std::int32_t below) { return above * (plane.cell - y) + below * y; };
                const std::int32_t startX = between(x0[c], x1[c]), endX = between(x0[c + 1], x1[c + 1]);
                const std::int32_t startY = between(y0[c], y1[c]), endY = between(y0[c + 1], y1[c + 1]);
                const Span span{(left << 16) + scaled(startX * plane.cell), ((top + y) << 16) + scaled(startY * plane.cell),
                                (1 << 16) + scaled(endX - startX), scaled(endY - startY)};
                remapSpan(ints, plane, span, width, plane.to + static_cast<std::ptrdiff_t>(top + y) * plane.toStride + left);
            }
        }
    }
}

void remap(const Remap& plane) {
    if (plane.cell >= 8)
        remapCells<8>(plane);
    else
        remapCells<4>(plane);
}

}  // namespace HWY_NAMESPACE
}  // namespace livepusher::effects::faces
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace livepusher::effects::faces {

HWY_EXPORT(remap);

void remap(const Remap& plane) { HWY_DYNAMIC_DISPATCH(remap)(plane); }

}  // namespace livepusher::effects::faces
#endif
