// SPDX-License-Identifier: MIT
#include "av/avfilter.hpp"

extern "C" {
#include <libavutil/macros.h>
}

namespace livepusher::capture {
namespace {

const auto& library() {
    static const base::LoadedLibrary<Avfilter> loaded({"libavfilter.so." AV_STRINGIFY(LIBAVFILTER_VERSION_MAJOR)});
    return loaded;
}

}  // namespace

Result<void> loadAvfilter() { return library().check("deinterlacing needs"); }

const Avfilter& avfilter() { return *library(); }

}  // namespace livepusher::capture
