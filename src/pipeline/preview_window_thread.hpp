// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/preview.hpp>

#include "display/window.hpp"
#include "pipeline/control_loop.hpp"
#include "pipeline/view.hpp"

#include <functional>
#include <memory>
#include <thread>

namespace livepusher::pipeline {

/// Keeps the preview's window on a thread of its own, where all of it happens: a desktop that is slow holds nothing else up.
/// Belongs to the control thread, but for show().
class PreviewWindowThread {
public:
    using Reply = std::function<void(Result<void>)>;

    struct Output {                                // all on control
        std::function<void(Error)> onNone;         ///< no window could be opened, or the desktop is gone
        std::function<void()> onDismissed;         ///< the user closed the window
        std::function<void(int notches)> onWheel;  ///< the user turned the mouse wheel over it
    };

    PreviewWindowThread(display::WindowFactory make, PreviewWindow wanted, std::shared_ptr<const View> view, ControlLoop& control,
                        Output output);
    /// Waits for the window to go, but not for ever: a desktop that doesn't answer for a second keeps its thread to itself.
    ~PreviewWindowThread();
    PreviewWindowThread(const PreviewWindowThread&) = delete;
    PreviewWindowThread& operator=(const PreviewWindowThread&) = delete;

    void open(int pictureWidth, int pictureHeight);  ///< nothing new when it is open
    void close();                                    ///< the next open() brings it in its normal form
    /// Opens what the user has closed, if need be. `reply` comes on control.
    void setForm(display::Form form, int pictureWidth, int pictureHeight, Reply reply);
    void show(Shown shown);  ///< never waits; the newest counts. [any-thread]

private:
    struct Desk;
    const Output output_;
    const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    const std::shared_ptr<Desk> desk_;
    Error why_;  ///< there is no thread
    std::thread thread_;
};

}  // namespace livepusher::pipeline
