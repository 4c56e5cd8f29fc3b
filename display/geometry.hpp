// SPDX-License-Identifier: MIT
#pragma once

#include "media/picture_size.hpp"

namespace livepusher::display {

/// The largest of the picture's aspect inside `box`, in its middle; at least one pixel each way.
base::Rect fitInto(base::PictureSize picture, base::Rect box);

/// How large a new window is: as wanted where both are set (one alone keeps the aspect), else the
/// picture's size, made smaller where it would take more than 2/3 of the screen.
base::PictureSize normalSize(base::PictureSize wanted, base::PictureSize picture, base::PictureSize screen);

/// Where a floating window stands: at most a quarter of the screen's width and a third of its
/// height, of the picture's aspect, in the lower right corner.
base::Rect floatingPlace(base::PictureSize picture, base::Rect screen);

}  // namespace livepusher::display
