// SPDX-License-Identifier: MIT
#include "av/swscale.hpp"

#include <string>

#include "base/shared_library.hpp"

extern "C" {
#include <libavutil/macros.h>
}

namespace livepusher::capture {
namespace {

constexpr const char* kLibrary = "libswscale.so." AV_STRINGIFY(LIBSWSCALE_VERSION_MAJOR);

struct Loaded {
    base::SharedLibrary library{kLibrary};
    Swscale functions;

    Loaded() {
#define X(function) library.look(functions.function, #function);
        LIVEPUSHER_SWSCALE(X)
#undef X
    }
};

const Loaded& loaded() {
    static const Loaded made;
    return made;
}

}  // namespace

Result<void> loadSwscale() {
    if (loaded().library.missing().empty()) return {};
    return Error{Code::NotAvailable,
                 std::string("rare pixel formats and sizes need ") + kLibrary + " (" + loaded().library.missing() + ")"};
}

const Swscale& swscale() { return loaded().functions; }

}  // namespace livepusher::capture
