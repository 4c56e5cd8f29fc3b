// SPDX-License-Identifier: MIT
#include "display/x11_connection.hpp"

#include <dlfcn.h>

#include <atomic>

#include <SDL_syswm.h>

#include "display/sdl.hpp"

namespace livepusher::display {

#ifdef SDL_VIDEO_DRIVER_X11

namespace {

struct Xlib {
    decltype(&XSetIOErrorHandler) setHandler = nullptr;
    decltype(&XSetIOErrorExitHandler) setExitHandler = nullptr;  // since libX11 1.7
};

const Xlib& xlib() {
    static const Xlib found = [] {
        Xlib x;
        void* library = dlopen("libX11.so.6", RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);  // SDL's own copy
        if (!library) return x;
        x.setHandler = reinterpret_cast<decltype(x.setHandler)>(dlsym(library, "XSetIOErrorHandler"));
        x.setExitHandler = reinterpret_cast<decltype(x.setExitHandler)>(dlsym(library, "XSetIOErrorExitHandler"));
        return x;
    }();
    return found;
}

std::atomic<Display*> watched{nullptr};        // SDL's video, and so its connection, is one in a process
std::atomic<bool> isLost{false};               // here, since Xlib keeps its address as long as the connection
std::atomic<XIOErrorHandler> before{nullptr};  // for the connections of others

/// Xlib's own ends the process from here already.
int onBroken(Display* display) {
    if (display == watched) return 0;
    const auto handler = before.load();
    return handler ? handler(display) : 0;
}

void onExit(Display*, void*) { isLost = true; }

}  // namespace

void X11Connection::watch(SDL_Window* window) {
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    static const auto ask = reinterpret_cast<decltype(&SDL_GetWindowWMInfo)>(sdlFunction("SDL_GetWindowWMInfo"));
    if (watching_ || !ask || ask(window, &info) != SDL_TRUE || info.subsystem != SDL_SYSWM_X11) return;
    const auto& x = xlib();
    if (!x.setHandler || !x.setExitHandler) return;
    watching_ = true;
    watched = info.info.x11.display;
    x.setExitHandler(watched, onExit, nullptr);
    before = x.setHandler(onBroken);
}

X11Connection::~X11Connection() {
    const auto setHandler = xlib().setHandler;
    if (!watching_ || !setHandler || isLost) return;
    if (const auto now = setHandler(before); now != onBroken) setHandler(now);  // the application's, set since
    watched = nullptr;
}

bool X11Connection::lost() const { return isLost; }

#else

bool X11Connection::lost() const { return false; }
void X11Connection::watch(SDL_Window*) {}
X11Connection::~X11Connection() = default;

#endif

}  // namespace livepusher::display
