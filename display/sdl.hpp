// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <SDL.h>

#include "base/loaded_library.hpp"

namespace livepusher::display {

inline constexpr const char* kSdlLibrary = "libSDL2-2.0.so.0";

/// The functions of SDL that are used here. It brings some forty libraries into the process, so it is loaded when the
/// first window is opened and not before.
struct Sdl {
#define LIVEPUSHER_SDL(X)         \
    X(SDL_CreateRenderer)         \
    X(SDL_CreateTexture)          \
    X(SDL_CreateWindow)           \
    X(SDL_DestroyRenderer)        \
    X(SDL_DestroyTexture)         \
    X(SDL_DestroyWindow)          \
    X(SDL_FlushEvents)            \
    X(SDL_GetDisplayBounds)       \
    X(SDL_GetDisplayUsableBounds) \
    X(SDL_GetError)               \
    X(SDL_GetHint)                \
    X(SDL_GetRendererOutputSize)  \
    X(SDL_GetWindowBordersSize)   \
    X(SDL_GetWindowDisplayIndex)  \
    X(SDL_GetWindowID)            \
    X(SDL_GetWindowPosition)      \
    X(SDL_GetWindowSize)          \
    X(SDL_InitSubSystem)          \
    X(SDL_PeepEvents)             \
    X(SDL_PumpEvents)             \
    X(SDL_QuitSubSystem)          \
    X(SDL_RaiseWindow)            \
    X(SDL_RenderClear)            \
    X(SDL_RenderCopy)             \
    X(SDL_RenderPresent)          \
    X(SDL_ResetHint)              \
    X(SDL_SetHintWithPriority)    \
    X(SDL_SetRenderDrawColor)     \
    X(SDL_SetTextureScaleMode)    \
    X(SDL_SetWindowHitTest)       \
    X(SDL_SetWindowMinimumSize)   \
    X(SDL_SetWindowPosition)      \
    X(SDL_SetWindowSize)          \
    X(SDL_SetYUVConversionMode)   \
    X(SDL_ShowCursor)             \
    X(SDL_StopTextInput)          \
    X(SDL_TLSCleanup)             \
    X(SDL_UpdateYUVTexture)       \
    X(SDL_WasInit)
    LIVEPUSHER_FUNCTIONS(LIVEPUSHER_SDL)
};

inline const auto& sdlLibrary() {
    static const base::LoadedLibrary<Sdl> loaded({kSdlLibrary});
    return loaded;
}

/// Errors: NotAvailable, with the library's name. [any-thread]
inline Result<void> loadSdl() { return sdlLibrary().check("it needs"); }

/// Only after loadSdl() has succeeded. [any-thread]
inline const Sdl& sdl() { return *sdlLibrary(); }

}  // namespace livepusher::display
