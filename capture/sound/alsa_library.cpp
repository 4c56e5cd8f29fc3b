// SPDX-License-Identifier: MIT
#include "capture/sound/alsa_library.hpp"

#include "base/shared_library.hpp"

#include <cstdarg>
#include <string>

namespace livepusher::capture {
namespace {

constexpr const char* kLibrary = "libasound.so.2";

struct Loaded {
    base::SharedLibrary library{kLibrary};
    AlsaLibrary functions;

    Loaded() {
#define X(function) library.look(functions.function, #function);
        LIVEPUSHER_ALSA(X)
#undef X
    }
};

const Loaded& loaded() {
    static const Loaded made;
    return made;
}

void ignore(const char*, int, const char*, int, const char*, va_list) {}

/// The one before. Nothing where there is no ALSA.
snd_local_error_handler_t use(snd_local_error_handler_t handler) {
    const auto set = alsa().snd_lib_error_set_local;
    return set ? set(handler) : nullptr;
}

}  // namespace

Result<void> loadAlsa() {
    if (loaded().library.missing().empty()) return {};
    return Error{Code::NotAvailable, std::string("sound cards need ") + kLibrary + ": apt-get install libasound2 (" +
                                         loaded().library.missing() + ")"};
}

const AlsaLibrary& alsa() { return loaded().functions; }

AlsaSilence::AlsaSilence() : before_(use(ignore)) {}
AlsaSilence::~AlsaSilence() { use(before_); }

}  // namespace livepusher::capture
