// SPDX-License-Identifier: MIT
#include "effects/colour_look.hpp"

#include "effects/skin_look.hpp"

#include <algorithm>
#include <cmath>

namespace livepusher::effects {

namespace {

// What the recipes are made of.
Rgb gamma(const Rgb& c, float r, float g, float b) { return {std::pow(c.r, r), std::pow(c.g, g), std::pow(c.b, b)}; }
Rgb gain(const Rgb& c, float r, float g, float b) { return {c.r * r, c.g * g, c.b * b}; }
Rgb plus(const Rgb& c, float r, float g, float b) { return {c.r + r, c.g + g, c.b + b}; }
/// Black becomes this, white stays.
Rgb lift(const Rgb& c, float r, float g, float b) { return {r + (1 - r) * c.r, g + (1 - g) * c.g, b + (1 - b) * c.b}; }
Rgb saturation(const Rgb& c, float by) {
    const float luma = lumaOf(c);
    return between({luma, luma, luma}, c, by);
}
Rgb contrast(const Rgb& c, float by) { return between({0.5F, 0.5F, 0.5F}, c, by); }
Rgb sepia(const Rgb& c) {
    return {0.393F * c.r + 0.769F * c.g + 0.189F * c.b, 0.349F * c.r + 0.686F * c.g + 0.168F * c.b,
            0.272F * c.r + 0.534F * c.g + 0.131F * c.b};
}

Rgb pink(const Rgb& c) { return lift(gamma(c, 0.85F, 0.95F, 0.88F), 0.03F, 0, 0.02F); }
Rgb nostalgia(const Rgb& c) {
    const auto faded = clamped(between(c, sepia(c), 0.6F));
    return plus(gain(gamma(faded, 0.95F, 0.95F, 0.95F), 0.92F, 0.92F, 0.92F), 0.04F, 0.04F, 0.04F);
}
Rgb blues(const Rgb& c) {
    const auto tinted = saturation(gain(c, 0.92F, 0.98F, 1.10F), 0.9F);
    const float shadow = 1 - lumaOf(c);
    return plus(tinted, 0, 0, 0.03F * shadow * shadow);
}
Rgb romantic(const Rgb& c) { return saturation(lift(gamma(c, 0.90F, 0.97F, 0.92F), 0.05F, 0.02F, 0.04F), 0.92F); }
Rgb cool(const Rgb& c) { return contrast(gain(c, 0.95F, 1, 1.07F), 1.05F); }
Rgb fresher(const Rgb& c) { return gain(saturation(gamma(c, 0.92F, 0.92F, 0.92F), 1.12F), 0.98F, 1.04F, 1); }
Rgb solor(const Rgb& c) {  // a Japanese look: low contrast, light, a little cyan
    return saturation(gain(lift(contrast(c, 0.88F), 0.06F, 0.06F, 0.06F), 1, 1.02F, 1.03F), 0.88F);
}
Rgb aestheticism(const Rgb& c) {
    const auto strong = saturation(contrast(c, 1.08F), 1.1F);
    const float light = lumaOf(c), shadow = 1 - light;
    const float warm = 0.04F * light * light, cold = 0.04F * shadow * shadow;
    return plus(strong, warm - cold, 0, cold - warm);
}
Rgb whitening(const Rgb& c) {
    constexpr float kBase = 3;
    const auto curve = [](float x) { return std::log1p(x * (kBase - 1)) / std::log(kBase); };
    return saturation({curve(c.r), curve(c.g), curve(c.b)}, 0.94F);
}
Rgb cerisered(const Rgb& c) { return saturation(gamma(clamped(gain(c, 1.08F, 0.95F, 0.99F)), 0.9F, 1, 1), 1.06F); }

/// Luma by the logarithm's curve; chroma a tenth of the way to a light pink.
Yuv whitened(const Yuv& yuv, int whiteness) {
    constexpr float kBlack = 16, kRange = 219, kPinkU = 126, kPinkV = 132;
    const float luma = (yuv.y - kBlack) / kRange;
    const auto level = static_cast<float>(whiteness) / 9;
    const auto brighter = static_cast<float>(brightened(luma, whiteness));
    // Black is no skin: it is not tinted.
    const float pull = 0.1F * level * std::clamp(4 * luma, 0.0F, 1.0F);
    return {kBlack + kRange * brighter, between(yuv.u, kPinkU, pull), between(yuv.v, kPinkV, pull)};
}

}  // namespace

ColourLook colourLook(const Properties& properties) {
    ColourLook look{properties.whiteness, properties.filter, properties.filterStrength, properties.filterFile};
    if (look.filter == Filter::standard || look.strength <= 0) {
        look.filter = Filter::standard;
        look.strength = 1;
    }
    return look;
}

Rgb filtered(const Rgb& rgb, Filter filter) {
    const auto recipe = [&] {
        switch (filter) {
            case Filter::standard: break;
            case Filter::pink: return pink(rgb);
            case Filter::nostalgia: return nostalgia(rgb);
            case Filter::blues: return blues(rgb);
            case Filter::romantic: return romantic(rgb);
            case Filter::cool: return cool(rgb);
            case Filter::fresher: return fresher(rgb);
            case Filter::solor: return solor(rgb);
            case Filter::aestheticism: return aestheticism(rgb);
            case Filter::whitening: return whitening(rgb);
            case Filter::cerisered: return cerisered(rgb);
        }
        return rgb;
    };
    return clamped(recipe());
}

Yuv recoloured(const Yuv& yuv, const ColourLook& look, const Cube* cube, bool bt709) {
    // Worked out for the nearest colour that there is, and applied to what was given as a difference: so a table that
    // changes nothing changes nothing of what lies outside either, and the table stays smooth across that border.
    const auto nearest = clamped(toRgb(yuv, bt709));
    const auto from = toYuv(nearest, bt709);
    auto rgb = look.whiteness > 0 ? clamped(toRgb(whitened(from, look.whiteness), bt709)) : nearest;
    if (look.filter != Filter::standard) rgb = between(rgb, filtered(rgb, look.filter), static_cast<float>(look.strength));
    if (cube) rgb = clamped((*cube)(rgb));
    const auto to = toYuv(rgb, bt709);
    return {yuv.y + (to.y - from.y), yuv.u + (to.u - from.u), yuv.v + (to.v - from.v)};
}

}  // namespace livepusher::effects
