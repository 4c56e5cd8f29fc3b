// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace livepusher::effects {

/// What the picture effects compute with on this processor.
struct VectorUnit {
    bool fast = false;  ///< one that the effects' figures are made for: AVX2 or better, NEON, SVE
    std::string name;   ///< "AVX2"
};
VectorUnit vectorUnit();

}  // namespace livepusher::effects
