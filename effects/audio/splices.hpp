// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace livepusher::effects {

/// Finds where a sound is so much like another place of itself that one can go over into the other unheard. Interleaved
/// float. Belongs to one thread; allocates nothing after its construction.
class SpliceFinder {
public:
    /// `length`: frames that are compared, and faded over; `range`: how many places there are to choose from.
    SpliceFinder(std::size_t channels, std::size_t length, std::size_t range);

    struct Place {
        std::size_t at = 0;   ///< frames after the first candidate
        double likeness = 0;  ///< -1..1: their correlation; 1 where both are silent
    };
    /// The place in `among` (length + range - 1 frames, of which each of the first `range` is a candidate) that is the most
    /// like `like` (length frames). Of places that are as good the one nearest to `wanted`.
    Place find(std::span<const float> like, std::span<const float> among, std::size_t wanted);

private:
    const std::size_t channels_, length_, range_;
    std::vector<float> coarseLike_, coarse_;  ///< a quarter of the rate
};

/// Writes to `to` how `from` goes over into `into`, all of equal length: as loud as they are, whatever their likeness.
void crossFade(std::span<const float> from, std::span<const float> into, double likeness, std::size_t channels,
               std::span<float> to);

}  // namespace livepusher::effects
