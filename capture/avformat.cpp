// SPDX-License-Identifier: MIT
#include "capture/avformat.hpp"

#include <dlfcn.h>

#include <string>

extern "C" {
#include <libavutil/macros.h>
}

namespace livepusher::capture {
namespace {

constexpr const char* kLibrary = "libavformat.so." AV_STRINGIFY(LIBAVFORMAT_VERSION_MAJOR);

struct Loaded {
    Avformat functions;
    std::string missing;  ///< why not; empty: all is there
};

const Loaded& loaded() {
    static const Loaded made = [] {
        Loaded l;
        void* library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);  // never unloaded: libav keeps state
        const auto look = [&](auto& function, const char* name) {
            if (!l.missing.empty()) return;
            function = library ? reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name)) : nullptr;
            if (function) return;
            const char* why = dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps it per thread
            l.missing = why ? why : name;
        };
#define X(function) look(l.functions.function, #function);
        LIVEPUSHER_AVFORMAT(X)
#undef X
        return l;
    }();
    return made;
}

}  // namespace

Result<void> loadAvformat() {
    if (loaded().missing.empty()) return {};
    return Error{Code::NotAvailable, std::string("files, URLs and devices need ") + kLibrary + " (" + loaded().missing + ")"};
}

const Avformat& avformat() { return loaded().functions; }

}  // namespace livepusher::capture
