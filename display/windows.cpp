// SPDX-License-Identifier: MIT
#include "display/windows.hpp"

#ifdef LIVEPUSHER_WITH_SDL
#include "display/sdl_window.hpp"
#endif

namespace livepusher::display {

WindowFactory windowFactory() {
#ifdef LIVEPUSHER_WITH_SDL
    return makeSdlWindow;
#else
    return {};
#endif
}

}  // namespace livepusher::display
