// SPDX-License-Identifier: MIT
#pragma once

namespace livepusher::effects {

/// What one frame is to become; made once for each properties snapshot.
struct VideoTarget {
    int width = 0, height = 0;  ///< px, even, of the pushed picture
    bool operator==(const VideoTarget&) const = default;
};

}  // namespace livepusher::effects
