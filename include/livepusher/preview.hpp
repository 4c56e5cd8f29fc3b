// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace livepusher {

/// A window of the library's own that shows the preview, in builds that have one (LIVEPUSHER_WITH_SDL).
struct PreviewWindow {
    bool enabled = false;           ///< open it with startPreview() and start()
    std::string title = "Preview";  ///< for the title bar
    int width = 0, height = 0;      ///< px at first, 1..8192; 0: the picture's own size, or what fits the screen
};

}  // namespace livepusher
