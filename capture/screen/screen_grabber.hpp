// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <memory>
#include <optional>
#include <string>

#include "capture/screen/image_reader.hpp"
#include "capture/screen/pointer.hpp"
#include "capture/screen/screen_area.hpp"
#include "capture/screen/screen_pixels.hpp"
#include "capture/spec.hpp"

namespace livepusher::capture {

/// Reads a screen or a window over one connection: only the rows that have changed, and nothing when nothing has.
/// Belongs to one thread.
class ScreenGrabber {
public:
    /// With the first picture. Errors: ScreenCaptureFailed, ScreenCaptureUnsupported.
    static Result<std::unique_ptr<ScreenGrabber>> open(const Spec& spec, Interruption& interruption);

    enum class State {
        Fine,
        Resized,  ///< size() is another; what was asked for doesn't come any more
        Misfit,   ///< the part asked for does not lie in it any more: trouble()
        Gone,     ///< the window or the server is: trouble()
    };
    /// What the server has told since.
    State events();
    /// Asks for what has changed and for where the pointer is.
    void ask();
    /// Whether all has come that was asked for.
    bool collect();
    /// Waits for something from the server until then; false: it is then, or the wait was ended.
    bool pause(Timestamp until) { return connection_->pause(until); }
    /// Whether picture() would give another one than the last.
    bool changed() const { return whole_ && (read_ || (pointer_ && pointer_->moved())); }
    /// Only when nothing that was asked for is still to come.
    VideoFrame picture(base::PictureSize wanted);

    base::PictureSize size() const { return {area_.width(), area_.height()}; }
    const std::string& title() const { return area_.title(); }
    const std::string& trouble() const { return area_.trouble(); }
    bool isAlive() const { return connection_->alive(); }

private:
    explicit ScreenGrabber(std::unique_ptr<XConnection> connection)
        : connection_(std::move(connection)), area_(*connection_), image_(*connection_) {}
    Result<void> prepare(const Spec& spec);
    void watchDamage();
    void damaged(const xcb_damage_notify_event_t& event);
    void allChanged();

    std::unique_ptr<XConnection> connection_;  // what follows is of it
    ScreenArea area_;
    ImageReader image_;
    std::optional<Pointer> pointer_;
    unsigned life_ = 0;     ///< sequence of what was asked for to hear anything; 0: nothing
    int damageEvent_ = -1;  ///< -1: the server doesn't tell of changes
    xcb_damage_damage_t damage_ = 0;
    int firstRow_ = 0, lastRow_ = 0;  ///< what has changed and is to be read: rows from the first to before the last
    bool read_ = false;               ///< something was, since the last picture
    bool whole_ = false;              ///< all of the picture was read once
    ScreenPixels pixels_;
};

}  // namespace livepusher::capture
