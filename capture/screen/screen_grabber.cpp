// SPDX-License-Identifier: MIT
#include "capture/screen/screen_grabber.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::capture {

Result<std::unique_ptr<ScreenGrabber>> ScreenGrabber::open(const Spec& spec, Interruption& interruption) {
    auto connection = XConnection::open(spec.target, interruption);
    if (!connection) return connection.error();
    std::unique_ptr<ScreenGrabber> made(new ScreenGrabber(std::move(*connection)));
    if (auto prepared = made->prepare(spec); !prepared) return prepared.error();
    return made;
}

Result<void> ScreenGrabber::prepare(const Spec& spec) {
    if (auto opened = area_.open(spec); !opened) return opened;
    watchDamage();
    if (spec.cursor) pointer_.emplace(*connection_);
    image_.resize(area_.width(), area_.height());
    allChanged();
    ask();
    const auto until = now() + XConnection::kPatience;
    while (!collect())
        if (!pause(until)) break;
    if (!read_) return Error{Code::ScreenCaptureFailed, title() + ": its picture can't be read"};
    return {};
}

void ScreenGrabber::watchDamage() {
    // Its requests need XFixes, which the extension itself brings along on the server's side.
    const int first = connection_->firstEvent("DAMAGE");
    if (first < 0) return;
    auto* raw = connection_->raw();
    if (!connection_->wait<xcb_damage_query_version_reply_t>(x11().xcb_damage_query_version(raw, 1, 1).sequence)) return;
    damage_ = x11().xcb_generate_id(raw);
    x11().xcb_damage_create(raw, damage_, area_.window(), XCB_DAMAGE_REPORT_LEVEL_BOUNDING_BOX);
    damageEvent_ = first + XCB_DAMAGE_NOTIFY;
}

void ScreenGrabber::allChanged() {
    firstRow_ = 0;
    lastRow_ = area_.height();
}

void ScreenGrabber::damaged(const xcb_damage_notify_event_t& event) {
    const int left = event.area.x - area_.left(), top = event.area.y - area_.top();
    const int first = std::max(top, 0), last = std::min(top + event.area.height, area_.height());
    if (left >= area_.width() || left + event.area.width <= 0 || first >= last) return;
    const bool none = firstRow_ >= lastRow_;
    firstRow_ = none ? first : std::min(firstRow_, first);
    lastRow_ = none ? last : std::max(lastRow_, last);
}

ScreenGrabber::State ScreenGrabber::events() {
    auto state = State::Fine;
    while (const auto event = connection_->event()) {
        if ((event->response_type & 0x7f) == damageEvent_) {
            damaged(reinterpret_cast<const xcb_damage_notify_event_t&>(*event));
            continue;
        }
        if (pointer_ && pointer_->handle(*event)) continue;
        switch (area_.handle(*event)) {
            case ScreenArea::Change::None: break;
            case ScreenArea::Change::Size: state = State::Resized; [[fallthrough]];
            case ScreenArea::Change::Picture:
                image_.resize(area_.width(), area_.height());
                whole_ = false;
                allChanged();
                break;
            case ScreenArea::Change::Misfit: return State::Misfit;
            case ScreenArea::Change::Gone: return State::Gone;
        }
    }
    return connection_->alive() ? state : State::Gone;
}

void ScreenGrabber::ask() {
    if (pointer_) pointer_->ask(area_.window());
    // Where nothing else is asked for, a word all the same: one that hangs shall not pass for a still screen.
    if (!life_ && (!pointer_ || !pointer_->asked())) life_ = x11().xcb_get_input_focus(connection_->raw()).sequence;
    if (damageEvent_ < 0) allChanged();
    if (firstRow_ < lastRow_) {
        // First the one, then the other: what changes between them is told of again.
        if (damageEvent_ >= 0) x11().xcb_damage_subtract(connection_->raw(), damage_, XCB_NONE, XCB_NONE);
        image_.ask(area_.drawable(), area_.x(), area_.y(), firstRow_, lastRow_ - firstRow_);
        firstRow_ = lastRow_ = 0;
    }
    x11().xcb_flush(connection_->raw());
}

bool ScreenGrabber::collect() {
    const bool pointer = !pointer_ || pointer_->collect();
    XReply<xcb_get_input_focus_reply_t> sign;
    connection_->poll(life_, sign);
    if (image_.asked()) switch (image_.collect()) {
            case ImageReader::Answer::Pending: return false;
            case ImageReader::Answer::Read: read_ = whole_ = true; break;
            case ImageReader::Answer::Failed: allChanged(); break;  // a change of size is on its way
        }
    return pointer && !life_;
}

VideoFrame ScreenGrabber::picture(base::PictureSize wanted) {
    read_ = false;
    if (pointer_) pointer_->draw(image_.pixels(), image_.stride(), area_.left(), area_.top(), area_.width(), area_.height());
    auto frame = pixels_.convert(image_.pixels(), image_.stride(), size(), deliveredSize(size(), wanted));
    if (pointer_) pointer_->erase();
    return frame;
}

}  // namespace livepusher::capture
