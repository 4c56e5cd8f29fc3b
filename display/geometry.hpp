// SPDX-License-Identifier: MIT
#pragma once

namespace livepusher::display {

struct Size {
    int width = 0, height = 0;
    bool operator==(const Size&) const = default;
};

struct Rect {
    int x = 0, y = 0, width = 0, height = 0;
    bool operator==(const Rect&) const = default;
};

/// The largest of the picture's aspect inside `box`, in its middle; at least one pixel each way.
Rect fitInto(Size picture, Rect box);

/// How large a new window is: as wanted where both are set (one alone keeps the aspect), else the
/// picture's size, made smaller where it would take more than 2/3 of the screen.
Size normalSize(Size wanted, Size picture, Size screen);

/// Where a floating window stands: at most a quarter of the screen's width and a third of its
/// height, of the picture's aspect, in the lower right corner.
Rect floatingPlace(Size picture, Rect screen);

}  // namespace livepusher::display
