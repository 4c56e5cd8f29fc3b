// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "capture/source.hpp"
#include "media/orientation.hpp"
#include "media/picture_size.hpp"

namespace livepusher::capture {

struct InsetPlace {
    base::Rect rect;           ///< of the main frame as it lies in memory; even
    base::Orientation turn{};  ///< of the small picture, so that both stand upright together
    bool operator==(const InsetPlace&) const = default;
};

/// Where `inset` belongs in `main`: in its corner of what a crop of `main` to the wanted aspect leaves, at its own aspect,
/// 2 % of the width away from the edges.
InsetPlace insetPlace(const VideoFrame& main, const VideoFrame& inset, const WantedVideo& wanted, const VideoWishes& wishes);

}  // namespace livepusher::capture
