// SPDX-License-Identifier: MIT
#include "display/sdl_video.hpp"

#include <cstdlib>
#include <mutex>
#include <string>

#include "display/sdl.hpp"

namespace livepusher::display {

namespace {

/// Between asking whether SDL's video is in use and taking it, no other context may do the same.
std::mutex& claiming() {
    static std::mutex mutex;
    return mutex;
}

bool isSet(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

void setHints() {
    sdl().SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    sdl().SetHint(SDL_HINT_QUIT_ON_LAST_WINDOW_CLOSE, "0");
    sdl().SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    sdl().SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    // Never the bare console (kmsdrm), which SDL would take over as a last resort. The environment's own choice still wins.
    sdl().SetHint(SDL_HINT_VIDEODRIVER, "x11,wayland");
}

}  // namespace

Result<void> SdlVideo::open() {
    if (!isSet("DISPLAY") && !isSet("WAYLAND_DISPLAY") && !isSet("SDL_VIDEODRIVER"))
        return Error{Code::NotAvailable, "there is no desktop: neither DISPLAY nor WAYLAND_DISPLAY is set"};
    if (auto loaded = loadSdl(); !loaded) return loaded;
    loaded_ = true;
    std::lock_guard lock(claiming());
    if (sdl().WasInit(SDL_INIT_VIDEO) != 0)
        return Error{Code::NotAvailable,
                     "SDL's video is in use in this process, by the application or another context's window, and serves one "
                     "thread; draw the pictures of onPreviewFrame instead"};
    setHints();
    if (sdl().InitSubSystem(SDL_INIT_VIDEO) != 0)
        return Error{Code::NotAvailable, std::string("the desktop can't be reached: ") + sdl().GetError()};
    sdl().StopTextInput();  // nothing is typed here: no input method is to wait for it
    open_ = true;
    return {};
}

SdlVideo::~SdlVideo() {
    if (open_) {
        std::lock_guard lock(claiming());
        sdl().QuitSubSystem(SDL_INIT_VIDEO);
    }
    if (loaded_) sdl().TLSCleanup();  // what SDL keeps for this thread, which is the preview's
}

}  // namespace livepusher::display
