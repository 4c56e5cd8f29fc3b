// SPDX-License-Identifier: MIT
#include <livepusher/media.hpp>

namespace livepusher {

Timestamp now() { return std::chrono::duration_cast<Timestamp>(std::chrono::steady_clock::now().time_since_epoch()); }

}  // namespace livepusher
