// SPDX-License-Identifier: MIT
#include "display/windows.hpp"

namespace livepusher::display {

WindowFactory windowFactory() {
#ifdef LIVEPUSHER_WITH_SDL
    return makeSdlWindow;
#else
    return {};
#endif
}

}  // namespace livepusher::display
