// SPDX-License-Identifier: MIT
#include "display/sdl.hpp"

#include <dlfcn.h>

#include <string>
#include <type_traits>

namespace livepusher::display {
namespace {

constexpr const char* kLibrary = "libSDL2-2.0.so.0";

struct Loaded {
    void* library = nullptr;
    Sdl functions;
    std::string missing;  ///< why not; empty: all is there
};

const Loaded& loaded() {
    static const Loaded made = [] {
        Loaded l;
        l.library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);  // never unloaded: what it loads itself keeps state
        const auto look = [&](auto& function, const char* name) {
            if (!l.missing.empty()) return;
            function =
                l.library ? reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(l.library, name)) : nullptr;
            if (function) return;
            const char* why = dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps it per thread
            l.missing = why ? why : name;
        };
#define X(function) look(l.functions.function, "SDL_" #function);
        LIVEPUSHER_SDL(X)
#undef X
        return l;
    }();
    return made;
}

}  // namespace

Result<void> loadSdl() {
    if (loaded().missing.empty()) return {};
    return Error{Code::NotAvailable, std::string("it needs ") + kLibrary + " (" + loaded().missing + ")"};
}

const Sdl& sdl() { return loaded().functions; }

void* sdlFunction(const char* name) { return loaded().library ? dlsym(loaded().library, name) : nullptr; }

}  // namespace livepusher::display
