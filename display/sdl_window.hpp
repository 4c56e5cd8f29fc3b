// SPDX-License-Identifier: MIT
#pragma once

#include "display/window.hpp"

namespace livepusher::display {

/// A window by SDL 2, on X11 or Wayland. SDL's video belongs to one thread of a process: while the
/// application, or another context, uses it, open() is refused.
std::unique_ptr<Window> makeSdlWindow();

}  // namespace livepusher::display
