// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/events.hpp>
#include <livepusher/preview.hpp>

#include "pipeline/events.hpp"
#include "pipeline/lane.hpp"
#include "pipeline/view.hpp"
#include "session/picture_handler.hpp"
#include "session/reply.hpp"
#include "session/view_window.hpp"

#include <memory>
#include <vector>

namespace livepusher::pipeline {

class PreviewObserver {
public:
    virtual void previewWheelTurned(int notches) = 0;  ///< of the mouse, over the window

protected:
    ~PreviewObserver() = default;
};

/// The local view: brings it to the application's handler and to a window, each on a thread of its own, so that neither
/// holds up the stream or the other. Belongs to the control thread, but for show() and view().
class Preview final : public ShownSink, public session::ViewWindowObserver {
public:
    struct Settings {
        PreviewWindow window;
        display::WindowFactory makeWindow;  ///< empty: this build has none
    };
    /// `events` has the application's handlers of pictures and of picture-in-picture.
    Preview(Settings settings, session::ControlLoop& control, Events& events, PreviewObserver& observer);
    ~Preview();
    Preview(const Preview&) = delete;
    Preview& operator=(const Preview&) = delete;

    /// Whether what was asked for can be had. Errors: InvalidArgument; NotAvailable in a build without a window.
    Result<void> check() const { return window_.check(); }
    bool watched() const { return handler_ || window_.exists(); }  ///< there is somebody to show pictures to

    /// Opens or closes as LaneSettings::preview says, unless there is no picture to come, and draws by the properties from
    /// the next picture on.
    void follow(const LaneSettings& settings, capture::SourceKind source);
    void reopen();  ///< brings back a window that the user has closed, while the preview is open
    void tell(State state, const NetStatus& status);  ///< for the property `debug`

    void enterPictureInPicture(session::Reply reply);  ///< Error, also of exit: InvalidState, it is so, or on its way
    void exitPictureInPicture(session::Reply reply) { change(false, std::move(reply)); }
    /// Enters picture-in-picture when `mode` has the event, and else does nothing.
    void hostNavigated(PictureInPictureEvent event, const std::vector<PictureInPictureEvent>& mode, session::Reply reply);

    void show(const Shown& shown) override;  ///< who is slow misses pictures
    /// The view without the statistics. [any-thread]
    VideoFrame view(const Shown& shown) const { return view_->mirrored(shown); }

private:
    void change(bool floating, session::Reply reply);
    void formChanged(const session::ViewForm& before, const session::ViewForm& now) override;
    void viewWheelTurned(int notches) override { observer_.previewWheelTurned(notches); }
    bool floats() const { return window_.form().form == display::Form::Floating; }

    Events& events_;
    PreviewObserver& observer_;
    const std::shared_ptr<View> view_ = std::make_shared<View>();
    bool open_ = false;
    base::PictureSize size_;
    std::unique_ptr<session::PictureHandler<Shown>> handler_;
    session::ViewWindow window_;
};

}  // namespace livepusher::pipeline
