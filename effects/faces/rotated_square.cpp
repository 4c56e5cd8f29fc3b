// SPDX-License-Identifier: MIT
#include "effects/faces/rotated_square.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "effects/faces/rotated_square.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace livepusher::effects::faces {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Ints = hn::RebindToSigned<Floats>;

template <int kShift>
HWY_INLINE hn::VFromD<Floats> channel(hn::VFromD<Ints> pixels) {
    const Ints ints;
    return hn::ConvertTo(Floats(), hn::And(hn::ShiftRight<kShift>(pixels), hn::Set(ints, 255)));
}

template <int kShift>
HWY_INLINE hn::VFromD<Floats> mixed(hn::VFromD<Ints> a, hn::VFromD<Ints> b, hn::VFromD<Ints> c, hn::VFromD<Ints> d,
                                    hn::VFromD<Floats> across, hn::VFromD<Floats> down) {
    const auto left = channel<kShift>(a), lower = channel<kShift>(c);
    const auto above = hn::MulAdd(hn::Sub(channel<kShift>(b), left), across, left);
    const auto below = hn::MulAdd(hn::Sub(channel<kShift>(d), lower), across, lower);
    return hn::MulAdd(hn::Sub(below, above), down, above);
}

void sampleRotated(const std::uint8_t* bgra, int width, int height, const RotatedSquare& square, float* rgb) {
    const Floats floats;
    const Ints ints;
    const auto* pixels = reinterpret_cast<const std::int32_t*>(bgra);  // NOLINT: memory of a vector, aligned for any type
    const auto zero = hn::Zero(floats);
    const auto lastX = hn::Set(floats, static_cast<float>(width - 1)), lastY = hn::Set(floats, static_cast<float>(height - 1));
    const auto lastLeft = hn::Set(ints, width - 2), lastUpper = hn::Set(ints, height - 2);
    const auto stride = hn::Set(ints, width), one = hn::Set(ints, 1);
    const auto black = hn::Set(floats, square.black), perLevel = hn::Set(floats, square.perLevel);
    const auto lanes = static_cast<int>(hn::Lanes(floats));
    const auto ramp = hn::Iota(floats, 0.0F);
    for (int y = 0; y < square.side; ++y) {
        const float rowX = square.firstX - static_cast<float>(y) * square.stepY;
        const float rowY = square.firstY + static_cast<float>(y) * square.stepX;
        float* to = rgb + static_cast<std::ptrdiff_t>(y) * square.side * 3;
        for (int x = 0; x < square.side; x += lanes) {
            // The last vector of a row begins earlier, so that it ends with the row.
            const int at = HWY_MIN(x, square.side - lanes);
            const auto number = hn::Add(ramp, hn::Set(floats, static_cast<float>(at)));
            const auto fromX = hn::Clamp(hn::MulAdd(number, hn::Set(floats, square.stepX), hn::Set(floats, rowX)), zero, lastX);
            const auto fromY = hn::Clamp(hn::MulAdd(number, hn::Set(floats, square.stepY), hn::Set(floats, rowY)), zero, lastY);
            const auto left = hn::Min(hn::ConvertTo(ints, fromX), lastLeft),
                       upper = hn::Min(hn::ConvertTo(ints, fromY), lastUpper);
            const auto across = hn::Sub(fromX, hn::ConvertTo(floats, left)), down = hn::Sub(fromY, hn::ConvertTo(floats, upper));
            const auto index = hn::Add(hn::Mul(upper, stride), left);
            const auto below = hn::Add(index, stride);
            const auto a = hn::GatherIndex(ints, pixels, index), b = hn::GatherIndex(ints, pixels, hn::Add(index, one));
            const auto c = hn::GatherIndex(ints, pixels, below), d = hn::GatherIndex(ints, pixels, hn::Add(below, one));
            const auto red = hn::MulAdd(mixed<16>(a, b, c, d, across, down), perLevel, black);
            const auto green = hn::MulAdd(mixed<8>(a, b, c, d, across, down), perLevel, black);
            const auto blue = hn::MulAdd(mixed<0>(a, b, c, d, across, down), perLevel, black);
            hn::StoreInterleaved3(red, green, blue, floats, to + std::ptrdiff_t{at} * 3);
        }
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace livepusher::effects::faces
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace livepusher::effects::faces {

HWY_EXPORT(sampleRotated);

void sampleRotated(const std::uint8_t* bgra, int width, int height, const RotatedSquare& square, float* rgb) {
    HWY_DYNAMIC_DISPATCH(sampleRotated)(bgra, width, height, square, rgb);
}

}  // namespace livepusher::effects::faces
#endif
