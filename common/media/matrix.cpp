// SPDX-License-Identifier: MIT
#include "media/matrix.hpp"

#include "media/frame_pool.hpp"

#include <algorithm>
#include <cmath>

namespace livepusher::base {
namespace {

struct Colour {
    double luma, u, v;
};

/// From one matrix over R, G and B to the other; luma 0..1, u and v ± 0.5.
Colour changed(const Colour& from, const LumaWeights& old, const LumaWeights& wanted) {
    const double red = from.luma + 2 * (1 - old.red) * from.v;
    const double blue = from.luma + 2 * (1 - old.blue) * from.u;
    const double green = (from.luma - old.red * red - old.blue * blue) / old.green();
    const double luma = wanted.red * red + wanted.green() * green + wanted.blue * blue;
    return {luma, (blue - luma) / (2 * (1 - wanted.blue)), (red - luma) / (2 * (1 - wanted.red))};
}

/// `value` of 2^16, rounded, in the plane's range.
std::uint8_t byte(int value, int offset) {
    return static_cast<std::uint8_t>(std::clamp(((value + 32768) >> 16) + offset, 0, 255));
}

}  // namespace

VideoFrame withMatrix(const VideoFrame& frame, bool bt709) {
    if (!frame || frame.bt709 == bt709) return frame;
    // The change is linear: what a step of 1 in u or v of the old does to each of the new, in 2^-16 of the planes' steps.
    const auto& old = bt709 ? kBt601 : kBt709;
    const auto& wanted = bt709 ? kBt709 : kBt601;
    const auto ofU = changed({0, 1, 0}, old, wanted), ofV = changed({0, 0, 1}, old, wanted);
    const auto fixed = [](double value) { return static_cast<int>(std::lround(value * 65536)); };
    const int lumaOfU = fixed(ofU.luma * 219 / 224), lumaOfV = fixed(ofV.luma * 219 / 224);
    const int uOfU = fixed(ofU.u), uOfV = fixed(ofV.u), vOfU = fixed(ofU.v), vOfV = fixed(ofV.v);

    auto out = FramePool(0).takeLike(frame);
    out.bt709 = bt709;
    for (int y = 0; y < frame.height(); ++y) {
        const auto *luma = frame.plane(0) + std::ptrdiff_t{y} * frame.stride(0),
                   *us = frame.plane(1) + std::ptrdiff_t{y / 2} * frame.stride(1),
                   *vs = frame.plane(2) + std::ptrdiff_t{y / 2} * frame.stride(2);
        auto *newLuma = out.mutablePlane(0) + std::ptrdiff_t{y} * out.stride(0),
             *newUs = out.mutablePlane(1) + std::ptrdiff_t{y / 2} * out.stride(1),
             *newVs = out.mutablePlane(2) + std::ptrdiff_t{y / 2} * out.stride(2);
        for (int x = 0; x < frame.width(); ++x) {
            const int u = us[x / 2] - 128, v = vs[x / 2] - 128;
            newLuma[x] = byte(lumaOfU * u + lumaOfV * v, luma[x]);
            newUs[x / 2] = byte(uOfU * u + uOfV * v, 128);
            newVs[x / 2] = byte(vOfU * u + vOfV * v, 128);
        }
    }
    return out;
}

}  // namespace livepusher::base
