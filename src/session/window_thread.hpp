// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/preview.hpp>

#include "base/abandonable_thread.hpp"
#include "display/window.hpp"
#include "session/control_loop.hpp"
#include "session/reply.hpp"

#include <functional>
#include <memory>
#include <string>

namespace livepusher::session {

/// Hears of a window, on control.
class WindowObserver {
public:
    virtual void windowGone(const Error& why) = 0;      ///< none could be opened, or the desktop is gone
    virtual void windowDismissed() = 0;                 ///< the user has closed it
    virtual void windowWheelTurned(int /*notches*/) {}  ///< of the mouse, over it
    virtual void windowKeyPressed(display::Key /*key*/) {}

protected:
    ~WindowObserver() = default;
};

/// Keeps a window on a thread of its own, where all of it happens: a desktop that is slow holds nothing else up.
/// Belongs to the control thread, but for show().
class WindowThread {
public:
    struct Settings {
        PreviewWindow window;               ///< as the application wants it
        display::WindowFactory makeWindow;  ///< not empty
        std::string name;                   ///< for the log: "preview window"
    };
    /// Makes the picture that is to be seen, and shows it. Owns all that it uses: the thread may outlive the WindowThread.
    /// [window]
    using Draw = std::function<void(display::Window&)>;

    WindowThread(Settings settings, ControlLoop& control, WindowObserver& observer);
    /// Waits for the window to go, but not for ever: a desktop that doesn't answer for a second keeps its thread to itself.
    ~WindowThread();
    WindowThread(const WindowThread&) = delete;
    WindowThread& operator=(const WindowThread&) = delete;

    /// For pictures that are seen in that size, px; nothing new when it is open.
    void open(int pictureWidth, int pictureHeight);
    void close();  ///< the next open() brings it in its normal form
    /// As Window::setForm(). Opens what the user has closed, if need be. `reply` comes on control.
    void setForm(display::Form form, Rotation turn, int pictureWidth, int pictureHeight, Reply reply);
    void show(Draw draw);  ///< never waits; the newest counts, and none without a window. [any-thread]

private:
    struct Mailbox;
    Lifetime alive_;
    const std::shared_ptr<Mailbox> mailbox_;
    Error why_;  ///< there is no thread
    base::AbandonableThread thread_;
};

}  // namespace livepusher::session
