// SPDX-License-Identifier: MIT
#include "display/x11_connection.hpp"

#include "display/sdl.hpp"  // before the macros of Xlib

#include <atomic>

#include <SDL_syswm.h>

namespace livepusher::display {

#ifdef SDL_VIDEO_DRIVER_X11

namespace {

struct Xlib {
#define LIVEPUSHER_XLIB(X) \
    X(XSetIOErrorHandler)  \
    X(XSetIOErrorExitHandler)  // since libX11 1.7
    LIVEPUSHER_FUNCTIONS(LIVEPUSHER_XLIB)
};

/// Only once SDL has a window of X11, which has loaded it.
const auto& xlib() {
    static const base::LoadedLibrary<Xlib> loaded({"libX11.so.6"});
    return loaded;
}

struct SdlOnX11 {
#define LIVEPUSHER_SDL_X11(X) X(SDL_GetWindowWMInfo)
    LIVEPUSHER_FUNCTIONS(LIVEPUSHER_SDL_X11)
};

const auto& sdlOnX11() {
    static const base::LoadedLibrary<SdlOnX11> loaded({kSdlLibrary});
    return loaded;
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
    if (watching_ || !sdlOnX11().missing().empty()) return;
    if (sdlOnX11()->SDL_GetWindowWMInfo(window, &info) != SDL_TRUE || info.subsystem != SDL_SYSWM_X11) return;
    if (!xlib().missing().empty()) return;
    watching_ = true;
    watched = info.info.x11.display;
    xlib()->XSetIOErrorExitHandler(watched, onExit, nullptr);
    before = xlib()->XSetIOErrorHandler(onBroken);
}

X11Connection::~X11Connection() {
    if (!watching_ || isLost) return;
    const auto setHandler = xlib()->XSetIOErrorHandler;
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
