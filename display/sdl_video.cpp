// SPDX-License-Identifier: MIT
#include "display/sdl_video.hpp"

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "display/sdl.hpp"

namespace livepusher::display {

namespace {

/// Between asking whether SDL's video is in use and taking it, no other context may do the same.
std::mutex& claiming() {
    static std::mutex mutex;
    return mutex;
}

/// Of the process: see leave().
std::atomic<bool> hasLeft{false};

std::string valueOf(const char* variable) {
    const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): nothing here changes the environment
    return value ? value : "";
}
bool isSet(const char* variable) { return !valueOf(variable).empty(); }

/// For people: what names it.
std::string desktop() {
    std::string named;
    for (const char* variable : {"DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"})
        if (isSet(variable)) named += (named.empty() ? "" : ", ") + std::string(variable) + "=" + valueOf(variable);
    return named;
}

std::vector<std::pair<const char*, const char*>> wishes() {
    return {
        {SDL_HINT_NO_SIGNAL_HANDLERS, "1"},
        {SDL_HINT_QUIT_ON_LAST_WINDOW_CLOSE, "0"},
        {SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1"},
        {SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0"},
        // OpenGL would bring its driver's threads and some 100 MB into the process for one picture, and hang at its exit when
        // the desktop has gone before.
        {SDL_HINT_FRAMEBUFFER_ACCELERATION, "0"},
        // Never the bare console (kmsdrm), which SDL would take over as a last resort.
        {SDL_HINT_VIDEODRIVER, !isSet("WAYLAND_DISPLAY") ? "x11"
                               : isSet("DISPLAY")        ? "x11,wayland"
                                                         : "wayland"},
    };
}

}  // namespace

Result<void> SdlVideo::open() {
    if (!isSet("DISPLAY") && !isSet("WAYLAND_DISPLAY") && !isSet("SDL_VIDEODRIVER"))
        return Error{Code::NotAvailable, "there is no desktop: neither DISPLAY nor WAYLAND_DISPLAY is set"};
    if (auto loaded = loadSdl(); !loaded) return loaded;
    loaded_ = true;
    std::lock_guard lock(claiming());
    if (hasLeft) return Error{Code::NotAvailable, "the desktop has gone once, and this process can't have another"};
    if (sdl().SDL_WasInit(SDL_INIT_VIDEO) != 0)
        return Error{Code::NotAvailable,
                     "SDL's video is in use in this process, by the application or another context's window, and serves only "
                     "one thread; draw the pictures yourself instead (onPreviewFrame, a player's onVideoFrame)"};
    // What the application or the environment (SDL_VIDEODRIVER and the like) has chosen stays.
    for (const auto& [hint, value] : wishes())
        if (sdl().SDL_SetHintWithPriority(hint, value, SDL_HINT_DEFAULT) == SDL_TRUE) hints_.emplace_back(hint, value);
    if (sdl().SDL_InitSubSystem(SDL_INIT_VIDEO) != 0)
        return Error{Code::NotAvailable, "the desktop (" + desktop() + ") can't be reached: " + sdl().SDL_GetError()};
    sdl().SDL_StopTextInput();  // nothing is typed here: no input method is to wait for it
    open_ = true;
    return {};
}

void SdlVideo::leave() {
    open_ = false;
    hasLeft = true;
}

SdlVideo::~SdlVideo() {
    if (open_ || !hints_.empty()) {
        std::lock_guard lock(claiming());
        if (open_) sdl().SDL_QuitSubSystem(SDL_INIT_VIDEO);
        for (const auto& [hint, value] : hints_)
            if (const char* now = sdl().SDL_GetHint(hint); now && value == now) sdl().SDL_ResetHint(hint);
    }
    if (loaded_) sdl().SDL_TLSCleanup();  // what SDL keeps for this thread, which is the window's
}

}  // namespace livepusher::display
