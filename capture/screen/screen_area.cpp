// SPDX-License-Identifier: MIT
#include "capture/screen/screen_area.hpp"

#include "capture/screen/windows.hpp"
#include "media/picture_size.hpp"

namespace livepusher::capture {
namespace {

constexpr int kLeastSide = 16, kMostSide = 8192;  // px, of a frame's sides

}  // namespace

ScreenArea::~ScreenArea() {
    if (pixmap_) x11().xcb_free_pixmap(connection_.raw(), pixmap_);
}

Result<void> ScreenArea::open(const Spec& spec) {
    const auto display = spec.target;
    title_ = "screen " + display;
    askedLeft_ = spec.left, askedTop_ = spec.top, askedWidth_ = spec.width, askedHeight_ = spec.height;
    window_ = connection_.root();
    if (!spec.window.empty())
        if (auto opened = openWindow(spec); !opened) return opened;
    const std::uint32_t events = XCB_EVENT_MASK_STRUCTURE_NOTIFY | XCB_EVENT_MASK_VISIBILITY_CHANGE;
    x11().xcb_change_window_attributes(connection_.raw(), window_, XCB_CW_EVENT_MASK, &events);
    // Asked for after the events, so that no change falls between.
    const auto geometry = connection_.wait<xcb_get_geometry_reply_t>(x11().xcb_get_geometry(connection_.raw(), window_).sequence);
    if (!geometry) return Error{Code::ScreenCaptureFailed, title_ + ": the X server does not answer"};
    if (geometry->depth != 24 && geometry->depth != 32)
        return Error{Code::ScreenCaptureUnsupported,
                     title_ + ": its pixels of " + std::to_string(geometry->depth) + " bits can't be taken: must be 24 or 32"};
    border_ = spec.window.empty() ? 0 : geometry->border_width;
    wholeWidth_ = geometry->width, wholeHeight_ = geometry->height;
    if (!spec.window.empty() && !renew())
        return Error{Code::ScreenCaptureFailed, title_ + ": it is minimised or hidden: show it first"};
    if (!place(wholeWidth_, wholeHeight_)) return Error{Code::ScreenCaptureFailed, trouble_};
    return {};
}

Result<void> ScreenArea::openWindow(const Spec& spec) {
    const auto found = findWindow(connection_, spec.window);
    if (!found) return found.error();
    title_ = "window \"" + (found->title.empty() ? spec.window : found->title) + "\" of " + spec.target;
    const auto version = connection_.wait<xcb_composite_query_version_reply_t>(
        connection_.firstEvent("Composite") < 0 ? 0 : x11().xcb_composite_query_version(connection_.raw(), 0, 4).sequence);
    if (!version)
        return Error{Code::ScreenCaptureUnsupported,
                     title_ +
                         ": the X server has no Composite extension, by which windows are read; capture its place on the "
                         "screen, as in screen:" +
                         spec.target + "+100,50,1280x720"};
    window_ = found->id;
    x11().xcb_composite_redirect_window(connection_.raw(), window_, XCB_COMPOSITE_REDIRECT_AUTOMATIC);
    return {};
}

bool ScreenArea::renew() {
    const auto next = x11().xcb_generate_id(connection_.raw());
    x11().xcb_composite_name_window_pixmap(connection_.raw(), window_, next);
    // Without memory there is no pixmap of that number, which its size asked for tells.
    const auto size = connection_.wait<xcb_get_geometry_reply_t>(x11().xcb_get_geometry(connection_.raw(), next).sequence);
    if (!size) return false;
    if (pixmap_) x11().xcb_free_pixmap(connection_.raw(), pixmap_);
    pixmap_ = next;
    wholeWidth_ = size->width - 2 * border_;
    wholeHeight_ = size->height - 2 * border_;
    return true;
}

bool ScreenArea::place(int wholeWidth, int wholeHeight) {
    const auto misfit = [&](const std::string& why) {
        trouble_ = title_ + " (" + base::sizeText(wholeWidth, wholeHeight) + "): " + why;
        return false;
    };
    const int width = (askedWidth_ > 0 ? askedWidth_ : wholeWidth - askedLeft_) & ~1;
    const int height = (askedHeight_ > 0 ? askedHeight_ : wholeHeight - askedTop_) & ~1;
    if (askedLeft_ + width > wholeWidth || askedTop_ + height > wholeHeight || width <= 0 || height <= 0)
        return misfit((askedWidth_ > 0 ? base::sizeText(askedWidth_, askedHeight_) + " at " : "the part from ") +
                      std::to_string(askedLeft_) + "," + std::to_string(askedTop_) + " lies outside of it");
    if (width < kLeastSide || height < kLeastSide || width > kMostSide || height > kMostSide)
        return misfit("must be 16x16 to 8192x8192: name a part of it");
    left_ = askedLeft_, top_ = askedTop_, width_ = width, height_ = height;
    return true;
}

ScreenArea::Change ScreenArea::resized() {
    const int width = width_, height = height_;
    if (!place(wholeWidth_, wholeHeight_)) return Change::Misfit;
    return width_ != width || height_ != height ? Change::Size : Change::Picture;
}

ScreenArea::Change ScreenArea::handle(const xcb_generic_event_t& event) {
    switch (event.response_type & 0x7f) {
        case XCB_CONFIGURE_NOTIFY: {
            const auto& it = reinterpret_cast<const xcb_configure_notify_event_t&>(event);
            if (it.window != window_ || (it.width == wholeWidth_ && it.height == wholeHeight_)) return Change::None;
            if (!pixmap_) {
                wholeWidth_ = it.width, wholeHeight_ = it.height;
                return resized();
            }
            border_ = it.border_width;
            return renew() ? resized() : Change::None;
        }
        case XCB_MAP_NOTIFY:
            if (reinterpret_cast<const xcb_map_notify_event_t&>(event).window != window_) return Change::None;
            return pixmap_ && renew() ? resized() : Change::None;
        case XCB_VISIBILITY_NOTIFY:  // comes, too, when something that it lies in was hidden and is shown again
            if (reinterpret_cast<const xcb_visibility_notify_event_t&>(event).window != window_) return Change::None;
            return pixmap_ && renew() ? resized() : Change::None;
        case XCB_DESTROY_NOTIFY:
            if (reinterpret_cast<const xcb_destroy_notify_event_t&>(event).window != window_) return Change::None;
            trouble_ = title_ + ": it was closed";
            return Change::Gone;
        default: return Change::None;
    }
}

}  // namespace livepusher::capture
