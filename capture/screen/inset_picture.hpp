// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "capture/source.hpp"
#include "media/frame_pool.hpp"
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

/// Lays a small picture into a large one. It is made small once, however often it is drawn. Belongs to one thread.
class InsetPicture {
public:
    /// `main` with `inset` in it: its own pixels where nobody else holds them, else a copy.
    VideoFrame drawn(VideoFrame main, const VideoFrame& inset, const InsetPlace& place);

private:
    void renew(const VideoFrame& inset, const InsetPlace& place, bool bt709);

    base::FramePool mains_, smalls_{2}, turned_{2};
    VideoFrame source_;  ///< what small_ was made of; held, so that its address is nobody else's
    VideoFrame small_;
    base::Orientation turn_;
    bool bt709_ = true;
};

}  // namespace livepusher::capture
