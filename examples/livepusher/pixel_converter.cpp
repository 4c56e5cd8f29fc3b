// SPDX-License-Identifier: MIT
#include "pixel_converter.hpp"

#include "av/swscale.hpp"

extern "C" {
#include <libavutil/opt.h>
}

namespace program {

using livepusher::capture::swscale;

void PixelConverter::Free::operator()(SwsContext* context) const { swscale().sws_freeContext(context); }

bool PixelConverter::convert(const Picture& from, const Planes& fromPlanes, const Picture& to, const Planes& toPlanes,
                             bool centred) {
    if (!context_ || from != from_ || to != to_ || centred != centred_) {
        context_.reset(swscale().sws_alloc_context());
        if (!context_) return false;
        const auto set = [&](const char* name, int value) { av_opt_set_int(context_.get(), name, value, 0); };
        set("srcw", from.width);
        set("srch", from.height);
        set("src_format", from.format);
        set("src_range", int{from.fullRange});
        set("dstw", to.width);
        set("dsth", to.height);
        set("dst_format", to.format);
        set("dst_range", int{to.fullRange});
        set("sws_flags", SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP);
        constexpr int kCentre = 128;
        if (centred) set("src_h_chr_pos", kCentre), set("dst_h_chr_pos", kCentre);
        if (swscale().sws_init_context(context_.get(), nullptr, nullptr) < 0) {
            context_.reset();
            return false;
        }
        // Refused only where neither side has a matrix: then none is needed.
        constexpr int kOne = 1 << 16;
        swscale().sws_setColorspaceDetails(context_.get(), swscale().sws_getCoefficients(from.matrix), int{from.fullRange},
                                           swscale().sws_getCoefficients(to.matrix), int{to.fullRange}, 0, kOne, kOne);
        from_ = from;
        to_ = to;
        centred_ = centred;
    }
    return swscale().sws_scale(context_.get(), fromPlanes.data.data(), fromPlanes.strides.data(), 0, from.height,
                               toPlanes.data.data(), toPlanes.strides.data()) == to.height;
}

}  // namespace program
