// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/preview.hpp>

#include "base/abandonable_thread.hpp"
#include "display/window.hpp"
#include "pipeline/view.hpp"
#include "session/control_loop.hpp"
#include "session/reply.hpp"

#include <memory>

namespace livepusher::pipeline {

/// Hears of the preview's window, on control.
class PreviewWindowObserver {
public:
    virtual void windowGone(const Error& why) = 0;    ///< none could be opened, or the desktop is gone
    virtual void windowDismissed() = 0;               ///< the user has closed it
    virtual void windowWheelTurned(int notches) = 0;  ///< of the mouse, over it

protected:
    ~PreviewWindowObserver() = default;
};

/// Keeps the preview's window on a thread of its own, where all of it happens: a desktop that is slow holds nothing else up.
/// Belongs to the control thread, but for show().
class PreviewWindowThread {
public:
    PreviewWindowThread(display::WindowFactory make, PreviewWindow wanted, std::shared_ptr<const View> view,
                        session::ControlLoop& control, PreviewWindowObserver& observer);
    /// Waits for the window to go, but not for ever: a desktop that doesn't answer for a second keeps its thread to itself.
    ~PreviewWindowThread();
    PreviewWindowThread(const PreviewWindowThread&) = delete;
    PreviewWindowThread& operator=(const PreviewWindowThread&) = delete;

    void open(int pictureWidth, int pictureHeight);  ///< nothing new when it is open
    void close();                                    ///< the next open() brings it in its normal form
    /// Opens what the user has closed, if need be. `reply` comes on control.
    void setForm(display::Form form, int pictureWidth, int pictureHeight, session::Reply reply);
    void show(Shown shown);  ///< never waits; the newest counts. [any-thread]

private:
    struct Mailbox;
    session::Lifetime alive_;
    const std::shared_ptr<Mailbox> mailbox_;
    Error why_;  ///< there is no thread
    base::AbandonableThread thread_;
};

}  // namespace livepusher::pipeline
