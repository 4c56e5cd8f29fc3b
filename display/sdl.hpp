// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <SDL.h>

#include "base/loaded_library.hpp"

namespace livepusher::display {

inline constexpr const char* kSdlLibrary = "libSDL2-2.0.so.0";

/// The functions of SDL that are used here. It brings some forty libraries into the process, so it is loaded when the
/// first window is opened and not before.
struct Sdl {  // CreateWindow is SDL_CreateWindow, and so on
#define LIVEPUSHER_SDL(X)     \
    X(CreateRenderer)         \
    X(CreateTexture)          \
    X(CreateWindow)           \
    X(DestroyRenderer)        \
    X(DestroyTexture)         \
    X(DestroyWindow)          \
    X(FlushEvents)            \
    X(GetDisplayUsableBounds) \
    X(GetError)               \
    X(GetHint)                \
    X(GetRendererOutputSize)  \
    X(GetWindowBordersSize)   \
    X(GetWindowDisplayIndex)  \
    X(GetWindowID)            \
    X(GetWindowPosition)      \
    X(GetWindowSize)          \
    X(InitSubSystem)          \
    X(PeepEvents)             \
    X(PumpEvents)             \
    X(QuitSubSystem)          \
    X(RaiseWindow)            \
    X(RenderClear)            \
    X(RenderCopy)             \
    X(RenderPresent)          \
    X(ResetHint)              \
    X(SetHintWithPriority)    \
    X(SetRenderDrawColor)     \
    X(SetTextureScaleMode)    \
    X(SetWindowHitTest)       \
    X(SetWindowMinimumSize)   \
    X(SetWindowPosition)      \
    X(SetWindowSize)          \
    X(SetYUVConversionMode)   \
    X(StopTextInput)          \
    X(TLSCleanup)             \
    X(UpdateYUVTexture)       \
    X(WasInit)
#define X(function) decltype(&::SDL_##function) function = nullptr;
    LIVEPUSHER_SDL(X)
#undef X
    template <typename Look>
    void each(Look look) {
#define X(function) look(function, "SDL_" #function);
        LIVEPUSHER_SDL(X)
#undef X
    }
};

/// Errors: NotAvailable, with the library's name. [any-thread]
Result<void> loadSdl();

/// Only after loadSdl() has succeeded. [any-thread]
const Sdl& sdl();

}  // namespace livepusher::display
