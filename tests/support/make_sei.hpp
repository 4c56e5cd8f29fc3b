// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include <cstdint>
#include <vector>

namespace livepusher::capture {

/// A display orientation SEI message.
struct SeiRecipe {
    bool cancel = false, horizontal = false, vertical = false;
    int anticlockwise = 0;  ///< of 2^16 to the circle
    int othersBefore = 0;   ///< messages of another kind in the same NAL unit
};

/// Its NAL unit, without start code, emulation prevention in it.
std::vector<std::uint8_t> makeSei(VideoCodec codec, const SeiRecipe& recipe);

}  // namespace livepusher::capture
