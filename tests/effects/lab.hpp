// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include "effects/rgb.hpp"

namespace livepusher::effects::test {

/// CIE L*a*b* (D65) of an sRGB colour.
using Lab = std::array<double, 3>;
Lab labOf(const Rgb& rgb);
/// How different two colours look: CIE 1976.
double difference(const Lab& a, const Lab& b);

}  // namespace livepusher::effects::test
