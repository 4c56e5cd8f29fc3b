// SPDX-License-Identifier: MIT
#include "av/avformat.hpp"

#include "base/loaded_pages.hpp"

extern "C" {
#include <libavutil/macros.h>
}

namespace livepusher::capture {
namespace {

struct Loaded : base::LoadedLibrary<Avformat> {
    Loaded() : LoadedLibrary({"libavformat.so." AV_STRINGIFY(LIBAVFORMAT_VERSION_MAJOR)}) { base::releaseLoadedPages(); }
};

const auto& library() {
    static const Loaded loaded;
    return loaded;
}

}  // namespace

Result<void> loadAvformat() { return library().check("files, URLs and devices need"); }

const Avformat& avformat() { return *library(); }

}  // namespace livepusher::capture
