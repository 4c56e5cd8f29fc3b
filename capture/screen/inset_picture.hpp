// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "capture/screen/inset_place.hpp"
#include "media/frame_pool.hpp"

namespace livepusher::capture {

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
