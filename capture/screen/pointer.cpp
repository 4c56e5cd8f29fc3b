// SPDX-License-Identifier: MIT
#include "capture/screen/pointer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace livepusher::capture {

Pointer::Pointer(XConnection& connection) : connection_(connection) {
    const int first = connection.firstEvent("XFIXES");
    if (first < 0) return;
    const auto version =
        connection.wait<xcb_xfixes_query_version_reply_t>(x11().xcb_xfixes_query_version(connection.raw(), 4, 0).sequence);
    if (!version) return;
    event_ = first + XCB_XFIXES_CURSOR_NOTIFY;
    x11().xcb_xfixes_select_cursor_input(connection.raw(), connection.root(), XCB_XFIXES_CURSOR_NOTIFY_MASK_DISPLAY_CURSOR);
}

bool Pointer::handle(const xcb_generic_event_t& event) {
    if ((event.response_type & 0x7f) != event_) return false;
    return stale_ = true;
}

void Pointer::ask(xcb_window_t window) {
    if (!isThere() || asked()) return;
    place_ = x11().xcb_query_pointer(connection_.raw(), window).sequence;
    if (!stale_) return;
    stale_ = false;
    picture_ = x11().xcb_xfixes_get_cursor_image(connection_.raw()).sequence;
}

bool Pointer::collect() {
    XReply<xcb_query_pointer_reply_t> place;
    if (connection_.poll(place_, place) && place) now_ = {place->same_screen != 0, place->win_x, place->win_y};
    XReply<xcb_xfixes_get_cursor_image_reply_t> picture;
    if (connection_.poll(picture_, picture) && picture) takePicture(*picture);
    return !asked();
}

void Pointer::takePicture(const xcb_xfixes_get_cursor_image_reply_t& reply) {
    width_ = reply.width, height_ = reply.height, hotX_ = reply.xhot, hotY_ = reply.yhot;
    const auto* pixels = x11().xcb_xfixes_get_cursor_image_cursor_image(&reply);
    argb_.assign(pixels, pixels + std::size_t{reply.width} * reply.height);
    other_ = true;
}

bool Pointer::moved() const { return isThere() && (other_ || now_ != drawn_); }

void Pointer::draw(std::uint8_t* pixels, int stride, int left, int top, int width, int height) {
    drawn_ = now_;
    other_ = false;
    if (!now_.here) return;
    const int x = now_.x - hotX_ - left, y = now_.y - hotY_ - top;
    for (int row = std::max(0, -y); row < height_ && y + row < height; ++row)
        for (int column = std::max(0, -x); column < width_ && x + column < width; ++column) {
            const auto above =
                argb_[static_cast<std::size_t>(row) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(column)];
            const auto alpha = above >> 24;
            if (alpha == 0) continue;
            auto* at = pixels + std::ptrdiff_t{y + row} * stride + std::ptrdiff_t{x + column} * 4;
            std::uint32_t below = 0;
            std::memcpy(&below, at, 4);
            under_.push_back({at, below});
            for (int byte = 0; byte < 3; ++byte) {
                const auto of = [&](std::uint32_t pixel) { return (pixel >> (8 * byte)) & 0xffU; };
                at[byte] = static_cast<std::uint8_t>(std::min(255U, of(above) + (of(below) * (255 - alpha) + 127) / 255));
            }
        }
}

void Pointer::erase() {
    for (const auto& each : under_) std::memcpy(each.at, &each.pixel, 4);
    under_.clear();
}

}  // namespace livepusher::capture
