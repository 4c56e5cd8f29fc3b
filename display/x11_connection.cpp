// SPDX-License-Identifier: MIT
#include "display/x11_connection.hpp"

#include <dlfcn.h>

#include <SDL_syswm.h>

#include "display/sdl.hpp"

namespace livepusher::display {

void surviveLostServer([[maybe_unused]] SDL_Window* window, [[maybe_unused]] bool& lost) {
#ifdef SDL_VIDEO_DRIVER_X11
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    static const auto ask = reinterpret_cast<decltype(&SDL_GetWindowWMInfo)>(sdlFunction("SDL_GetWindowWMInfo"));
    if (!ask || ask(window, &info) != SDL_TRUE || info.subsystem != SDL_SYSWM_X11) return;
    static void* const library = dlopen("libX11.so.6", RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);  // SDL's own copy
    static void* const function = library ? dlsym(library, "XSetIOErrorExitHandler") : nullptr;
    if (!function) return;  // before libX11 1.7 nothing can be done
    const auto set = reinterpret_cast<decltype(&XSetIOErrorExitHandler)>(function);
    set(
        info.info.x11.display, [](Display*, void* flag) { *static_cast<bool*>(flag) = true; }, &lost);
#endif
}

}  // namespace livepusher::display
