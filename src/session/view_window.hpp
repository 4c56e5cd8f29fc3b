// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "display/window.hpp"
#include "media/picture_size.hpp"
#include "session/window_thread.hpp"

#include <memory>
#include <string>
#include <utility>

namespace livepusher::session {

/// How what is seen stands on the desktop, in a window of ours or of the application's.
struct ViewForm {
    display::Form form = display::Form::Normal;
    int direction = 0;  ///< of FullScreen, degrees: 90 is turned counter-clockwise, -90 clockwise
    bool operator==(const ViewForm&) const = default;
};

/// What a view is called where the application reads of it.
struct ViewWords {
    const char* view;     ///< "the preview"
    const char* window;   ///< "preview window"
    const char* handler;  ///< "onPreviewFrame"
    const char* option;   ///< "ContextOptions::window"
};

/// Hears of a view's window, on control.
class ViewWindowObserver {
public:
    virtual void formChanged(const ViewForm& before, const ViewForm& now) = 0;  ///< when it has really happened
    virtual void viewDismissed() {}                                             ///< the user has closed the window
    virtual void viewWheelTurned(int /*notches*/) {}                            ///< of the mouse, over the window
    virtual void viewKeyPressed(display::Key /*key*/) {}                        ///< over the window

protected:
    ~ViewWindowObserver() = default;
};

/// Where a view is seen: in a window of ours or, where there is none, by the application, which draws it itself and is asked by
/// formChanged() to have it stand so. One change at a time, each reply once. Belongs to the control thread, but for show().
class ViewWindow final : public WindowObserver {
public:
    struct Settings {
        PreviewWindow window;               ///< what the application wants
        display::WindowFactory makeWindow;  ///< empty: this build has none
        ViewWords words;
        bool applicationDraws = false;  ///< it has a handler of the pictures
    };
    ViewWindow(Settings settings, ControlLoop& control, ViewWindowObserver& observer);
    ~ViewWindow() = default;  // whoever has it calls close() before
    ViewWindow(const ViewWindow&) = delete;
    ViewWindow& operator=(const ViewWindow&) = delete;

    /// Whether what was asked for can be had. Errors: InvalidArgument; NotAvailable in a build without a window.
    Result<void> check() const;
    bool exists() const { return thread_ != nullptr; }  ///< there may be a window of ours

    /// For pictures that are seen in that size. Brings back what the user has closed.
    void open(base::PictureSize picture);
    /// The view is over: with its window goes every form but the normal one, and a change that is on its way is answered.
    void close();

    ViewForm form() const { return form_; }
    bool changing() const { return static_cast<bool>(reply_); }
    /// To be called only while it is not changing(). Replies once, now or later. Errors: NotAvailable, InvalidState, with what
    /// to do; Cancelled, when the view is over before.
    void change(ViewForm to, base::PictureSize picture, Reply reply);

    void show(WindowThread::Draw draw) {
        if (thread_) thread_->show(std::move(draw));
    }  ///< as WindowThread::show()

private:
    std::string noWindow() const;
    void bring(ViewForm to, base::PictureSize picture, Reply reply);
    void arrive(ViewForm at);
    void leave(const Error& why);
    void drop(const Error& why);
    void windowGone(const Error& error) override;
    void windowDismissed() override;
    void windowWheelTurned(int notches) override { observer_.viewWheelTurned(notches); }
    void windowKeyPressed(display::Key key) override { observer_.viewKeyPressed(key); }

    const PreviewWindow window_;
    const ViewWords words_;
    const bool hasWindow_;
    const bool applicationDraws_;
    ViewWindowObserver& observer_;
    std::string whyNoWindow_;  // empty while there is no reason
    ViewForm form_;
    Reply reply_;      // of the change that is on its way, if one is
    Lifetime change_;  // likewise: a late response finds another
    std::unique_ptr<WindowThread> thread_;
};

}  // namespace livepusher::session
