// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

namespace livepusher::base {

/// The picture with the colour matrix that is wanted, as it is when it has that already. A still picture that joins a
/// stream of the other matrix would make the encoder start again. [any-thread]
VideoFrame withMatrix(const VideoFrame& frame, bool bt709);

}  // namespace livepusher::base
