// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>
#include <livepusher/preview.hpp>

#include <functional>
#include <memory>

namespace livepusher::display {

/// How a window stands on the desktop.
enum class Form {
    Normal,    ///< among the others, with a frame, of any size
    Floating,  ///< picture-in-picture: small, without a frame, in the corner, above all others
};

/// What the user or the desktop did to a window since it was asked last.
enum class Happened {
    Nothing,
    Closed,  ///< by its button or the desktop's menu
    Lost,    ///< there is no desktop any more: only the destructor is left to call
};

/// A window that shows pictures. Made, used and destroyed on one thread, which may block here as
/// long as the desktop does.
class Window {
public:
    virtual ~Window() = default;

    /// Puts it on the screen, fit for pictures of that size (px). Errors: NotAvailable, with the reason.
    virtual Result<void> open(const PreviewWindow& wanted, int pictureWidth, int pictureHeight) = 0;
    /// Changes its form; an error leaves it as it was.
    virtual Result<void> setForm(Form form) = 0;
    /// Draws a picture, whole, between bars where its aspect is another. A new size or form of the
    /// window draws it again.
    virtual void show(const VideoFrame& frame) = 0;
    /// Answers the desktop; to be called some times a second.
    virtual Happened poll() = 0;
    /// Notches that the user turned the mouse wheel over it since this was asked last, as poll() saw them: up above zero.
    virtual int wheel() { return 0; }
};

/// Empty in a build that has no window.
using WindowFactory = std::function<std::unique_ptr<Window>()>;

}  // namespace livepusher::display
