// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

namespace livepusher::effects {

/// What the properties say about skin.
struct SkinLook {
    double level = 0;      ///< of smoothing: 0 none .. 9
    double whiteness = 0;  ///< of the skin alone: 0 none .. 9
    bool nature = false;   ///< keeps texture

    bool smooths() const { return level > 0; }
    bool nothing() const { return level <= 0 && whiteness <= 0; }
    bool operator==(const SkinLook&) const = default;

    float eps() const;          ///< variance, in steps², that is smoothed by half
    float strength() const;     ///< 0..1
    float textureKept() const;  ///< 0..1
};

/// `beauty` and `beautyStyle`; with `customEffect` also `skinSmoothness` (1 as beauty 9; the stronger counts) and
/// `skinWhiteness` (1 as whiteness 9).
SkinLook skinLook(const Properties& properties);

/// Luma 0..1 made brighter: the logarithm's curve of that whiteness, 0..9.
double brightened(double luma, double whiteness);
/// The curve's slope there.
double brighteningSlope(double luma, double whiteness);

}  // namespace livepusher::effects
