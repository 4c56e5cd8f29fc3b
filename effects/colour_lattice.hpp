// SPDX-License-Identifier: MIT
#pragma once

#include "effects/colour_kernels.hpp"
#include "effects/rgb.hpp"

#include <functional>
#include <memory>

namespace livepusher::effects {

/// The table of any change of colours, worked out at its 33³ nodes. About 10 ms.
std::shared_ptr<const kernels::ColourCells> colourCells(const std::function<Yuv(const Yuv&)>& change);

}  // namespace livepusher::effects
