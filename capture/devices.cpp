// SPDX-License-Identifier: MIT
#include "capture/devices.hpp"

#include <dlfcn.h>

#include <string>

extern "C" {
#include <libavdevice/version.h>
#include <libavutil/macros.h>
}

namespace livepusher::capture {
namespace {

constexpr const char* kLibrary = "libavdevice.so." AV_STRINGIFY(LIBAVDEVICE_VERSION_MAJOR);

/// Empty when the devices are registered, else why not.
std::string registerAll() {
    // Never unloaded: libavformat keeps pointers into it.
    void* library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
    using Register = void (*)();
    const auto function = library ? reinterpret_cast<Register>(dlsym(library, "avdevice_register_all")) : nullptr;
    if (!function) {
        const char* why = dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps it per thread
        return why ? why : kLibrary;
    }
    function();
    return {};
}

}  // namespace

Result<const AVInputFormat*> deviceFormat(const char* name) {
    static const std::string missing = registerAll();
    if (!missing.empty())
        return Error{Code::NotAvailable, "capture devices need " + std::string(kLibrary) + " (" + missing + ")"};
    const auto* format = av_find_input_format(name);
    if (!format) return Error{Code::NotAvailable, std::string(kLibrary) + " here has no input \"" + name + "\""};
    return format;
}

}  // namespace livepusher::capture
