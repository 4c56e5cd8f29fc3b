// SPDX-License-Identifier: MIT
// The libraries of FFmpeg that are loaded when they are first needed.
#include "av/avfilter.hpp"
#include "av/avformat.hpp"
#include "av/swscale.hpp"
#include "base/loaded_pages.hpp"

extern "C" {
#include <libavutil/macros.h>
}

namespace livepusher::capture {
namespace {

const auto& filterLibrary() {
    static const base::LoadedLibrary<Avfilter> loaded({"libavfilter.so." AV_STRINGIFY(LIBAVFILTER_VERSION_MAJOR)});
    return loaded;
}

struct FormatLibrary : base::LoadedLibrary<Avformat> {
    FormatLibrary() : LoadedLibrary({"libavformat.so." AV_STRINGIFY(LIBAVFORMAT_VERSION_MAJOR)}) { base::releaseLoadedPages(); }
};

const auto& formatLibrary() {
    static const FormatLibrary loaded;
    return loaded;
}

const auto& scaleLibrary() {
    static const base::LoadedLibrary<Swscale> loaded({"libswscale.so." AV_STRINGIFY(LIBSWSCALE_VERSION_MAJOR)});
    return loaded;
}

}  // namespace

Result<void> loadAvfilter() { return filterLibrary().check("deinterlacing needs"); }
const Avfilter& avfilter() { return *filterLibrary(); }

Result<void> loadAvformat() { return formatLibrary().check("files, URLs and devices need"); }
const Avformat& avformat() { return *formatLibrary(); }

Result<void> loadSwscale() { return scaleLibrary().check("rare pixel formats and sizes need"); }
const Swscale& swscale() { return *scaleLibrary(); }

}  // namespace livepusher::capture
