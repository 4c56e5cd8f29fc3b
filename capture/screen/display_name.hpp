// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>

namespace livepusher::capture {

/// The X display to capture from: what was asked for, else DISPLAY. Errors: ScreenCaptureUnsupported, with what to do,
/// which under Wayland is another thing than without any desktop. [any-thread]
Result<std::string> displayName(const std::string& asked);

/// Why xcb_connect() failed, `error` being xcb_connection_has_error()'s. [any-thread]
Error connectError(const std::string& display, int error);

}  // namespace livepusher::capture
