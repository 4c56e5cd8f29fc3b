// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

namespace livepusher::base {

/// What a colour matrix makes luma of (ITU-T H.273 table 4).
struct LumaWeights {
    double red, blue;
    double green() const { return 1 - red - blue; }
};
inline constexpr LumaWeights kBt601{0.299, 0.114}, kBt709{0.2126, 0.0722};

/// The picture with the colour matrix that is wanted, as it is when it has that already. A still picture that joins a
/// stream of the other matrix would make the encoder start again. [any-thread]
VideoFrame withMatrix(const VideoFrame& frame, bool bt709);

}  // namespace livepusher::base
