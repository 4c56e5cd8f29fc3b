// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>
#include <livepusher/player_properties.hpp>
#include <livepusher/preview.hpp>

#include "media/picture_size.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace livepusher::display {

/// How a window stands on the desktop.
enum class Form {
    Normal,      ///< among the others, with a frame, of any size
    Floating,    ///< picture-in-picture: small, without a frame, in the corner, above all others
    FullScreen,  ///< all of its screen, without the pointer
};

/// What the user or the desktop did to a window since it was asked last.
enum class Happened {
    Nothing,
    Closed,  ///< by its button or the desktop's menu
    Lost,    ///< there is no desktop any more: only the destructor is left to call
};

/// A key that the user pressed over a window. It is not told of others, nor of these together with Ctrl, Alt or Super.
enum class Key {
    Escape,
    F,
};

/// How a picture lies in its window, besides the turn, the mirror and the pixel aspect that it needs itself.
struct PictureLayout {
    ObjectFit fit = ObjectFit::contain;
    Rotation turn = Rotation::None;  ///< of the upright picture, clockwise
    bool operator==(const PictureLayout&) const = default;
};

/// A window that shows pictures. Made, used and destroyed on one thread, which may block here as
/// long as the desktop does.
class Window {
public:
    virtual ~Window() = default;

    /// Puts it on the screen, fit for pictures that are seen in that size (px). Errors: NotAvailable, with the reason.
    virtual Result<void> open(const PreviewWindow& wanted, int pictureWidth, int pictureHeight) = 0;
    /// Changes its form, and turns all that it shows, clockwise, besides what a picture's own layout says; an error leaves both
    /// as they were.
    virtual Result<void> setForm(Form form, Rotation turn) = 0;
    /// Draws a picture, with black beside it where it doesn't fill the window. A new size or form of the window draws it again.
    virtual void show(const VideoFrame& frame, const PictureLayout& layout) = 0;
    /// The part of such a picture that show() lets be seen, as it lies in memory.
    virtual base::Rect seenOf(const VideoFrame& frame, const PictureLayout& layout) const = 0;
    /// Answers the desktop; to be called some times a second.
    virtual Happened poll() = 0;
    /// Notches that the user turned the mouse wheel over it since this was asked last, as poll() saw them: up above zero.
    virtual int wheel() { return 0; }
    /// What was pressed since this was asked last, as poll() saw it, in that order.
    virtual std::vector<Key> keys() { return {}; }
};

/// Empty in a build that has no window.
using WindowFactory = std::function<std::unique_ptr<Window>()>;

}  // namespace livepusher::display
