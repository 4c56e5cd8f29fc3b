// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "capture/screen/x_connection.hpp"

namespace livepusher::capture {

/// The pointer's picture, where it stands, and how it gets into pixels that don't have it.
class Pointer {
public:
    /// Without the XFixes extension there is no picture of it to be had, and nothing is drawn.
    explicit Pointer(XConnection& connection);

    bool isThere() const { return event_ >= 0; }
    /// Whether it was a word of a new picture, which then is asked for.
    bool handle(const xcb_generic_event_t& event);
    void ask(xcb_window_t window);  ///< where it is in that window
    bool asked() const { return place_ != 0 || picture_ != 0; }
    /// Takes what has come; whether that is all. [capture]
    bool collect();
    /// Whether it stands elsewhere, or looks otherwise, than at the last draw().
    bool moved() const;

    /// Draws it into B G R x pixels that begin at left, top of the window and takes it away again. [capture]
    void draw(std::uint8_t* pixels, int stride, int left, int top, int width, int height);
    void erase();

private:
    struct Place {
        bool here = false;  ///< on this screen
        int x = 0, y = 0;   ///< px, in the window
        bool operator==(const Place&) const = default;
    };
    void takePicture(const xcb_xfixes_get_cursor_image_reply_t& reply);

    XConnection& connection_;
    int event_ = -1;
    bool stale_ = true;                 ///< the picture is to be asked for
    unsigned place_ = 0, picture_ = 0;  ///< sequences of what was asked for; 0: nothing
    Place now_{}, drawn_{};             ///< where it is, where it was drawn last
    bool other_ = true;                 ///< the picture is another than was drawn last
    int width_ = 0, height_ = 0, hotX_ = 0, hotY_ = 0;
    std::vector<std::uint32_t> argb_;  ///< multiplied by alpha
    struct Under {
        std::uint8_t* at;
        std::uint32_t pixel;
    };
    std::vector<Under> under_;  ///< what it covers
};

}  // namespace livepusher::capture
