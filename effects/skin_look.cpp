// SPDX-License-Identifier: MIT
#include "effects/skin_look.hpp"

#include <algorithm>
#include <cmath>

namespace livepusher::effects {

namespace {

/// Of the curve log(1 + x(b - 1)) / log(b).
double base(double whiteness) { return 1 + 0.45 * whiteness; }

}  // namespace

float SkinLook::eps() const { return static_cast<float>(15 * std::pow(1.55, level) * (nature ? 0.4 : 1)); }

float SkinLook::strength() const { return static_cast<float>(nature ? 0.35 + 0.05 * level : std::min(1.0, 0.5 + 0.07 * level)); }

float SkinLook::textureKept() const { return nature ? 0.3F : 0; }

SkinLook skinLook(const Properties& properties) {
    SkinLook look;
    look.level = properties.beauty;
    look.nature = properties.beautyStyle == BeautyStyle::nature;
    if (properties.customEffect) {
        look.level = std::max(look.level, 9 * properties.skinSmoothness);
        look.whiteness = 9 * properties.skinWhiteness;
    }
    return look;
}

double brightened(double luma, double whiteness) {
    if (whiteness <= 0) return luma;
    return std::log1p(std::clamp(luma, 0.0, 1.0) * (base(whiteness) - 1)) / std::log(base(whiteness));
}

double brighteningSlope(double luma, double whiteness) {
    if (whiteness <= 0) return 1;
    const double rise = base(whiteness) - 1;
    return rise / (1 + std::clamp(luma, 0.0, 1.0) * rise) / std::log(base(whiteness));
}

}  // namespace livepusher::effects
