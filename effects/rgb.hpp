// SPDX-License-Identifier: MIT
#pragma once

namespace livepusher::effects {

/// A colour as the display shows it, each 0..1.
struct Rgb {
    float r = 0, g = 0, b = 0;
    bool operator==(const Rgb&) const = default;
};

/// A colour as a frame holds it, 8 bit, limited range: Y 16..235, Cb and Cr 16..240 about 128.
struct Yuv {
    float y = 0, u = 0, v = 0;
};

/// ITU-R BT.709, or BT.601. May lie outside of 0..1: not every Yuv is a colour.
Rgb toRgb(const Yuv& yuv, bool bt709);
Yuv toYuv(const Rgb& rgb, bool bt709);
Rgb clamped(const Rgb& rgb);
/// Brightness, 0..1 (weights of BT.709).
float lumaOf(const Rgb& rgb);
inline float between(float a, float b, float share) { return a + (b - a) * share; }
inline Rgb between(const Rgb& a, const Rgb& b, float share) {
    return {between(a.r, b.r, share), between(a.g, b.g, share), between(a.b, b.b, share)};
}

}  // namespace livepusher::effects
