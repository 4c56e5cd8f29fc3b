// SPDX-License-Identifier: MIT
#include "display/sdl.hpp"

namespace livepusher::display {
namespace {

const auto& library() {
    static const base::LoadedLibrary<Sdl> loaded({kSdlLibrary});
    return loaded;
}

}  // namespace

Result<void> loadSdl() { return library().check("it needs"); }

const Sdl& sdl() { return *library(); }

}  // namespace livepusher::display
