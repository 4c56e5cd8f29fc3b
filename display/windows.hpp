// SPDX-License-Identifier: MIT
#pragma once

#include "display/window.hpp"

namespace livepusher::display {

/// What makes this build's window; empty where it has none.
WindowFactory windowFactory();

/// A window by SDL 2, on X11 or Wayland. SDL's video belongs to one thread of a process: while the
/// application, or another context, uses it, open() is refused. Only in a build with SDL.
std::unique_ptr<Window> makeSdlWindow();

}  // namespace livepusher::display
