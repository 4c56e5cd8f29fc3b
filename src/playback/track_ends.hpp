// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "media/packet.hpp"

namespace livepusher::playback {

/// How far the media reaches that has come. Pure.
class TrackEnds {
public:
    /// A track that is further behind the other than this is not waited for.
    static constexpr Timestamp kAlive{1'000'000};

    void add(Packet::Track track, Timestamp media) {
        auto& end = ends_[index(track)];
        end = end ? std::max(*end, media) : media;
    }
    void clear() { ends_ = {}; }

    bool has(Packet::Track track) const { return ends_[index(track)].has_value(); }
    /// Of the track that has come furthest; empty: nothing has come.
    std::optional<Timestamp> newest() const { return std::max(ends_[0], ends_[1]); }
    /// Up to where there is all that has to be played: the least of the tracks that are alive.
    std::optional<Timestamp> whole() const {
        const auto last = newest();
        if (!last) return last;
        auto least = *last;
        for (const auto& end : ends_)
            if (end && *end >= *last - kAlive) least = std::min(least, *end);
        return least;
    }

private:
    static std::size_t index(Packet::Track track) { return track == Packet::Track::Video ? 1 : 0; }

    std::array<std::optional<Timestamp>, 2> ends_;
};

}  // namespace livepusher::playback
