// SPDX-License-Identifier: MIT
#include "av/avfilter.hpp"

#include <string>

#include "base/shared_library.hpp"

extern "C" {
#include <libavutil/macros.h>
}

namespace livepusher::capture {
namespace {

constexpr const char* kLibrary = "libavfilter.so." AV_STRINGIFY(LIBAVFILTER_VERSION_MAJOR);

struct Loaded {
    base::SharedLibrary library{kLibrary};
    Avfilter functions;

    Loaded() {
#define X(function) library.look(functions.function, #function);
        LIVEPUSHER_AVFILTER(X)
#undef X
    }
};

const Loaded& loaded() {
    static const Loaded made;
    return made;
}

}  // namespace

Result<void> loadAvfilter() {
    if (loaded().library.missing().empty()) return {};
    return Error{Code::NotAvailable, std::string("deinterlacing needs ") + kLibrary + " (" + loaded().library.missing() + ")"};
}

const Avfilter& avfilter() { return loaded().functions; }

}  // namespace livepusher::capture
