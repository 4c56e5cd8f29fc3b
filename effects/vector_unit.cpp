// SPDX-License-Identifier: MIT
#include "effects/vector_unit.hpp"

#include <hwy/highway.h>

#include <cstdint>

namespace livepusher::effects {

VectorUnit vectorUnit() {
    constexpr auto kFast =
        static_cast<std::int64_t>(HWY_AVX2 | HWY_AVX3 | HWY_AVX3_DL | HWY_NEON | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128);
    const auto supported = static_cast<std::int64_t>(hwy::SupportedTargets());
    const auto best = supported & -supported;  // the better, the lower its bit
    return {(supported & kFast) != 0, hwy::TargetName(best)};
}

}  // namespace livepusher::effects
