// SPDX-License-Identifier: MIT
#pragma once

struct SDL_Window;

namespace livepusher::display {

/// Xlib ends the whole process when its X server goes away. After this call a window's connection
/// sets `lost` instead, which must outlive the window; a window on Wayland needs nothing. The flag
/// is set on the thread that uses the window.
void surviveLostServer(SDL_Window* window, bool& lost);

}  // namespace livepusher::display
