// SPDX-License-Identifier: MIT
#include "capture/sound/alsa_library.hpp"

#include <cstdarg>

namespace livepusher::capture {
namespace {

const auto& library() {
    static const base::LoadedLibrary<AlsaLibrary> loaded({"libasound.so.2"});
    return loaded;
}

void ignore(const char*, int, const char*, int, const char*, va_list) {}

/// The one before. Nothing where there is no ALSA.
snd_local_error_handler_t use(snd_local_error_handler_t handler) {
    const auto set = alsa().snd_lib_error_set_local;
    return set ? set(handler) : nullptr;
}

}  // namespace

Result<void> loadAlsa() { return library().check("sound cards need", "libasound2"); }

const AlsaLibrary& alsa() { return *library(); }

AlsaSilence::AlsaSilence() : before_(use(ignore)) {}
AlsaSilence::~AlsaSilence() { use(before_); }

}  // namespace livepusher::capture
