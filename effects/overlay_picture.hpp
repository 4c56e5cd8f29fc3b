// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "media/argb_picture.hpp"

#include <cstdint>
#include <vector>

namespace livepusher::effects {

/// Where a picture lies in a frame.
struct OverlayPlace {
    int frameWidth = 0, frameHeight = 0;  ///< px
    double x = 0, y = 0, width = 0;       ///< of the frame's width, height, width
    bool bt709 = true;
    bool operator==(const OverlayPlace&) const = default;
};

/// A picture in the size and colours of the frames it is laid over.
class OverlayPicture {
public:
    /// As wide as the place says, but no higher than the frame. Costs milliseconds.
    OverlayPicture(const base::ArgbPicture& picture, const OverlayPlace& place);

    /// Only where the frame is as large as the place said. What lies outside of it is cut off.
    void draw(VideoFrame& frame) const;
    bool visible() const { return shownWidth_ > 0 && shownHeight_ > 0; }
    int left() const { return left_; }                ///< px, even
    int top() const { return top_; }                  ///< px, even
    int width() const { return planes_[0].width; }    ///< px, even
    int height() const { return planes_[0].height; }  ///< px, even

private:
    struct Layer {
        int width = 0, height = 0;
        std::vector<std::uint8_t> value, alpha;
    };

    Layer planes_[3];
    int left_ = 0, top_ = 0, shownWidth_ = 0, shownHeight_ = 0;
};

}  // namespace livepusher::effects
