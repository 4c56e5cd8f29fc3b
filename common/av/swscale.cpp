// SPDX-License-Identifier: MIT
#include "av/swscale.hpp"

extern "C" {
#include <libavutil/macros.h>
}

namespace livepusher::capture {
namespace {

const auto& library() {
    static const base::LoadedLibrary<Swscale> loaded({"libswscale.so." AV_STRINGIFY(LIBSWSCALE_VERSION_MAJOR)});
    return loaded;
}

}  // namespace

Result<void> loadSwscale() { return library().check("rare pixel formats and sizes need"); }

const Swscale& swscale() { return *library(); }

}  // namespace livepusher::capture
