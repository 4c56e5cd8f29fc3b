// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>

#include "capture/screen/x_connection.hpp"
#include "capture/spec.hpp"

namespace livepusher::capture {

/// Where on an X server the picture lies: the screen, a window, or a part of either. It follows what happens to them.
/// A window is read from memory of its own, where no other covers it and where it still is when it is minimised.
class ScreenArea {
public:
    explicit ScreenArea(XConnection& connection) : connection_(connection) {}
    ~ScreenArea();
    ScreenArea(const ScreenArea&) = delete;
    ScreenArea& operator=(const ScreenArea&) = delete;

    /// Errors: ScreenCaptureFailed, no such window or outside of it; ScreenCaptureUnsupported, no Composite.
    Result<void> open(const Spec& spec);

    enum class Change {
        None,
        Picture,  ///< all of it may be another
        Size,     ///< width() and height() are others, and so the picture
        Misfit,   ///< the part asked for does not lie in it any more: trouble()
        Gone,     ///< the window was closed: trouble()
    };
    Change handle(const xcb_generic_event_t& event);

    xcb_drawable_t drawable() const { return pixmap_ ? pixmap_ : window_; }  ///< what to read from
    xcb_window_t window() const { return window_; }                          ///< what damage and the pointer are told of
    int x() const { return left_ + border_; }                                ///< px, in drawable()
    int y() const { return top_ + border_; }
    int left() const { return left_; }  ///< px, in window()
    int top() const { return top_; }
    int width() const { return width_; }  ///< px, even
    int height() const { return height_; }
    const std::string& title() const { return title_; }  ///< "screen :0", "window "Clock" of :0"
    const std::string& trouble() const { return trouble_; }

private:
    Result<void> openWindow(const Spec& spec);
    /// Gets the window's present memory; false: it has none, as when it is minimised.
    bool renew();
    /// The part asked for, within the size; false: it lies outside.
    bool place(int wholeWidth, int wholeHeight);
    Change resized();

    XConnection& connection_;
    std::string title_, trouble_;
    int askedLeft_ = 0, askedTop_ = 0, askedWidth_ = 0, askedHeight_ = 0;
    xcb_window_t window_ = 0;
    xcb_pixmap_t pixmap_ = 0;  ///< 0: read from the window itself, which is the root
    int border_ = 0;
    int wholeWidth_ = 0, wholeHeight_ = 0;
    int left_ = 0, top_ = 0, width_ = 0, height_ = 0;
};

}  // namespace livepusher::capture
