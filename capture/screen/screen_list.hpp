// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/devices.hpp>

#include <string>
#include <vector>

namespace livepusher::capture {

/// The screens, monitors and titled windows of the X display that DISPLAY names; `notes` gets why there are none. Takes at
/// most 1 s, also when the X server hangs. [any-thread]
std::vector<ScreenInfo> listScreens(std::vector<std::string>& notes);

}  // namespace livepusher::capture
