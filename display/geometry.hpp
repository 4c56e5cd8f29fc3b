// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>
#include <livepusher/player_properties.hpp>

#include "media/orientation.hpp"
#include "media/picture_size.hpp"

namespace livepusher::display {

/// The largest of the picture's aspect inside `box`, in its middle; at least one pixel each way.
base::Rect fitInto(base::PictureSize picture, base::Rect box);

/// All that a picture needs to be seen as it is to be: its own turn and mirror, then those turns of the upright one.
base::Orientation seenBy(const VideoFrame& frame, Rotation layout, Rotation window);

/// How large a picture is seen that is drawn pixel by pixel: turned, its pixels square.
base::PictureSize seenSize(const VideoFrame& frame, base::Orientation orientation);

/// What of a picture is drawn where.
struct Drawn {
    base::Rect from;  ///< of the picture, as it lies in memory
    base::Rect to;    ///< of the view
    bool operator==(const Drawn&) const = default;
};
Drawn drawnIn(base::PictureSize view, const VideoFrame& frame, base::Orientation orientation, ObjectFit fit);

/// How large a new window is: as wanted where both are set (one alone keeps the aspect), else the
/// picture's size, made smaller where it would take more than 2/3 of the screen.
base::PictureSize normalSize(base::PictureSize wanted, base::PictureSize picture, base::PictureSize screen);

/// Where a floating window stands: at most a quarter of the screen's width and a third of its
/// height, of the picture's aspect, in the lower right corner.
base::Rect floatingPlace(base::PictureSize picture, base::Rect screen);

}  // namespace livepusher::display
