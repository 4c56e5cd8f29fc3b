// SPDX-License-Identifier: MIT
#include "av/avformat.hpp"

#include "base/loaded_pages.hpp"
#include "base/shared_library.hpp"

#include <string>

extern "C" {
#include <libavutil/macros.h>
}

namespace livepusher::capture {
namespace {

constexpr const char* kLibrary = "libavformat.so." AV_STRINGIFY(LIBAVFORMAT_VERSION_MAJOR);

struct Loaded {
    base::SharedLibrary library{kLibrary};
    Avformat functions;

    Loaded() {
#define X(function) library.look(functions.function, #function);
        LIVEPUSHER_AVFORMAT(X)
#undef X
        base::releaseLoadedPages();
    }
};

const Loaded& loaded() {
    static const Loaded made;
    return made;
}

}  // namespace

Result<void> loadAvformat() {
    if (loaded().library.missing().empty()) return {};
    return Error{Code::NotAvailable,
                 std::string("files, URLs and devices need ") + kLibrary + " (" + loaded().library.missing() + ")"};
}

const Avformat& avformat() { return loaded().functions; }

}  // namespace livepusher::capture
