// SPDX-License-Identifier: MIT
#include "capture/devices.hpp"

#include "base/shared_library.hpp"

#include <dlfcn.h>

#include <cstdarg>
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
    base::SharedLibrary library(kLibrary);
    void (*function)() = nullptr;
    library.look(function, "avdevice_register_all");
    if (function) function();
    return library.missing();
}

void ignoreAlsa(const char*, int, const char*, int, const char*, va_list) {}

}  // namespace

Result<const AVInputFormat*> deviceFormat(const char* name) {
    if (auto loaded = loadAvformat(); !loaded) return loaded.error();
    static const std::string missing = registerAll();
    if (!missing.empty())
        return Error{Code::NotAvailable, "capture devices need " + std::string(kLibrary) + " (" + missing + ")"};
    const auto* format = avformat().av_find_input_format(name);
    if (!format) return Error{Code::NotAvailable, std::string(kLibrary) + " here has no input \"" + name + "\""};
    return format;
}

void silenceAlsa() {
    // Of the copy that libavdevice has loaded, if it has.
    void* library = dlopen("libasound.so.2", RTLD_LAZY | RTLD_NOLOAD);
    if (!library) return;
    using Handler = void (*)(const char*, int, const char*, int, const char*, va_list);
    using SetLocal = Handler (*)(Handler);
    if (const auto set = reinterpret_cast<SetLocal>(dlsym(library, "snd_lib_error_set_local"))) set(ignoreAlsa);
    dlclose(library);
}

}  // namespace livepusher::capture
