// SPDX-License-Identifier: MIT
#include "effects/rgb.hpp"

#include <algorithm>

namespace livepusher::effects {

namespace {

struct Weights {
    float r, b;
    float g() const { return 1 - r - b; }
};

Weights weightsOf(bool bt709) { return bt709 ? Weights{0.2126F, 0.0722F} : Weights{0.299F, 0.114F}; }  // ITU-T H.273 table 4

}  // namespace

Rgb toRgb(const Yuv& yuv, bool bt709) {
    const auto weights = weightsOf(bt709);
    const float y = (yuv.y - 16) / 219, u = (yuv.u - 128) / 112, v = (yuv.v - 128) / 112;
    const float r = y + (1 - weights.r) * v, b = y + (1 - weights.b) * u;
    return {r, (y - weights.r * r - weights.b * b) / weights.g(), b};
}

Yuv toYuv(const Rgb& rgb, bool bt709) {
    const auto weights = weightsOf(bt709);
    const float y = weights.r * rgb.r + weights.g() * rgb.g + weights.b * rgb.b;
    return {16 + 219 * y, 128 + 112 * (rgb.b - y) / (1 - weights.b), 128 + 112 * (rgb.r - y) / (1 - weights.r)};
}

Rgb clamped(const Rgb& rgb) {
    return {std::clamp(rgb.r, 0.0F, 1.0F), std::clamp(rgb.g, 0.0F, 1.0F), std::clamp(rgb.b, 0.0F, 1.0F)};
}

float lumaOf(const Rgb& rgb) { return 0.2126F * rgb.r + 0.7152F * rgb.g + 0.0722F * rgb.b; }

}  // namespace livepusher::effects
