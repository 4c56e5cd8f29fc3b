// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

extern "C" {
#include <libavutil/channel_layout.h>
}

namespace livepusher::capture {

/// What of a sound's channels is heard where libswresample can't tell by itself: it knows loudspeakers in the order of
/// its own, at most 64 of them.
struct HeardChannels {
    std::vector<int> from;     ///< the channels that are taken, in this order; empty: all, as they come
    AVChannelLayout layout{};  ///< what they are then: never a custom one, so that it owns no memory
    bool ambisonic = false;    ///< the two are ambisonic W and Y, not left and right

    /// Loudspeakers that mix to `out` are all heard, in whatever order they come. Of channels that nobody knows (a
    /// recorder's tracks: more than eight without a layout, loudspeakers that are only above or behind) the front pair,
    /// or the first two.
    static HeardChannels of(const AVChannelLayout& in, const AVChannelLayout& out);
};

}  // namespace livepusher::capture
