// SPDX-License-Identifier: MIT
#include "libav.hpp"

#include <dlfcn.h>

#include <array>

extern "C" {
#include <libavutil/error.h>
#include <libavutil/macros.h>
}

namespace program {

namespace {

constexpr const char* kLibrary = "libavformat.so." AV_STRINGIFY(LIBAVFORMAT_VERSION_MAJOR);

struct Loaded {
    Avformat functions;
    std::string missing;

    Loaded() {
        void* library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);  // stays until the process ends
        if (library == nullptr) {
            missing = kLibrary;
            return;
        }
        const auto look = [&](auto& function, const char* name) {
            function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
            if (function == nullptr) missing = std::string(name) + " in " + kLibrary;
        };
#define X(function) look(functions.function, #function);
        LIVEPUSHER_PROGRAM_AVFORMAT(X)
#undef X
    }
};

const Loaded& loaded() {
    static const Loaded made;
    return made;
}

}  // namespace

livepusher::Result<void> loadAvformat() {
    if (loaded().missing.empty()) return {};
    return livepusher::Error{livepusher::Code::NotAvailable,
                             "pictures and videos need " + loaded().missing + ", which is not there"};
}

const Avformat& avformat() { return loaded().functions; }

std::string libavError(int code) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(code, text.data(), text.size());
    return text.data();
}

}  // namespace program
