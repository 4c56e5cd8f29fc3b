// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>
#include <vector>

#include "capture/screen/x_connection.hpp"

namespace livepusher::capture {

struct TitledWindow {
    xcb_window_t id = 0;
    std::string title;     ///< UTF-8
    bool visible = false;  ///< it and all that it lies in is mapped: not minimised
};

/// The applications' windows: those that the window manager lists, or, without one, all that have a title; the
/// uppermost last.
std::vector<TitledWindow> titledWindows(XConnection& connection);

/// The window with that number ("0x…") or that has it in its title, in capitals or not: of several the visible and then the
/// uppermost. Errors: ScreenCaptureFailed, naming what is there.
Result<TitledWindow> findWindow(XConnection& connection, const std::string& wanted);

}  // namespace livepusher::capture
