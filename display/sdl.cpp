// SPDX-License-Identifier: MIT
#include "display/sdl.hpp"

#include "base/shared_library.hpp"

#include <string>

namespace livepusher::display {
namespace {

constexpr const char* kLibrary = "libSDL2-2.0.so.0";

struct Loaded {
    base::SharedLibrary library{kLibrary};
    Sdl functions;

    Loaded() {
#define X(function) library.look(functions.function, "SDL_" #function);
        LIVEPUSHER_SDL(X)
#undef X
    }
};

const Loaded& loaded() {
    static const Loaded made;
    return made;
}

}  // namespace

Result<void> loadSdl() {
    if (loaded().library.missing().empty()) return {};
    return Error{Code::NotAvailable, std::string("it needs ") + kLibrary + " (" + loaded().library.missing() + ")"};
}

const Sdl& sdl() { return loaded().functions; }

void* sdlFunction(const char* name) { return loaded().library.find(name); }

}  // namespace livepusher::display
