// SPDX-License-Identifier: MIT
#include "av/source_colours.hpp"

#include <algorithm>

#include "av/pixel_scaler.hpp"

extern "C" {
#include <libavutil/mastering_display_metadata.h>
}

namespace livepusher::capture {
namespace {

constexpr int kHdrReferenceWhite = 203, kSdrWhite = 100, kUsualPeak = 1000, kMaxPeak = 10'000;

/// Reads how bright it gets: MaxCLL, else what it was mastered on.
void readBrightness(const AVFrame& frame, SourceColours& colours) {
    if (const auto* side = av_frame_get_side_data(&frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL)) {
        const auto most = reinterpret_cast<const AVContentLightMetadata*>(side->data)->MaxCLL;
        if (most > 0) {
            colours.peak = static_cast<int>(std::clamp<unsigned>(most, kSdrWhite, kMaxPeak));
            colours.white = std::min(colours.peak, kHdrReferenceWhite);
            return;
        }
    }
    if (const auto* side = av_frame_get_side_data(&frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA)) {
        const auto& display = *reinterpret_cast<const AVMasteringDisplayMetadata*>(side->data);
        if (!display.has_luminance || display.max_luminance.num <= 0 || display.max_luminance.den <= 0) return;
        colours.peak = static_cast<int>(std::clamp<double>(av_q2d(display.max_luminance), kHdrReferenceWhite, kMaxPeak));
        colours.white = kHdrReferenceWhite;
    }
}

}  // namespace

std::string SourceColours::text() const {
    const std::string transferName = transfer == AVCOL_TRC_SMPTE2084 ? "PQ" : transfer == AVCOL_TRC_ARIB_STD_B67 ? "HLG" : "SDR";
    const std::string primariesName = primaries == AVCOL_PRI_BT2020     ? "BT.2020"
                                      : primaries == AVCOL_PRI_SMPTE432 ? "P3"
                                                                        : "BT.709";
    return (isHdr() ? "HDR (" : "SDR of other colours (") + (isHdr() ? transferName + ", " : "") + primariesName + ")";
}

bool isBt709(const AVFrame& frame) {
    switch (frame.colorspace) {
        case AVCOL_SPC_BT709: return true;
        case AVCOL_SPC_UNSPECIFIED:
        case AVCOL_SPC_RGB:  // of a YUV format: a tag that can't be true
            return frame.width >= 1280 || frame.height > 576;
        default: return false;
    }
}

std::optional<SourceColours> foreignColours(const AVFrame& frame, const std::optional<SourceColours>& known) {
    SourceColours colours;
    colours.transfer = frame.color_trc;
    if (!colours.isHdr()) colours.transfer = AVCOL_TRC_BT709;
    const bool rgb = isRgb(static_cast<AVPixelFormat>(frame.format));
    bool foreign = colours.isHdr();
    switch (frame.colorspace) {
        case AVCOL_SPC_BT2020_NCL:
        case AVCOL_SPC_BT2020_CL:
        case AVCOL_SPC_SMPTE240M:
        case AVCOL_SPC_YCGCO:
            colours.matrix = frame.colorspace;
            foreign = foreign || !rgb;
            break;
        case AVCOL_SPC_UNSPECIFIED:  // HDR without a word on its matrix has that of its primaries
            colours.matrix = colours.isHdr() || frame.color_primaries == AVCOL_PRI_BT2020 ? AVCOL_SPC_BT2020_NCL
                             : isBt709(frame)                                             ? AVCOL_SPC_BT709
                                                                                          : AVCOL_SPC_SMPTE170M;
            break;
        case AVCOL_SPC_BT709: colours.matrix = AVCOL_SPC_BT709; break;
        default: colours.matrix = AVCOL_SPC_SMPTE170M; break;
    }
    const bool wide = colours.matrix == AVCOL_SPC_BT2020_NCL || colours.matrix == AVCOL_SPC_BT2020_CL || colours.isHdr();
    colours.primaries = wide ? AVCOL_PRI_BT2020 : AVCOL_PRI_BT709;
    if (frame.color_primaries == AVCOL_PRI_BT2020) {
        colours.primaries = AVCOL_PRI_BT2020;
        foreign = true;
    } else if (frame.color_primaries == AVCOL_PRI_SMPTE431 || frame.color_primaries == AVCOL_PRI_SMPTE432) {
        colours.primaries = AVCOL_PRI_SMPTE432;  // SDR of P3 is near enough to BT.709 to pass as it is
    } else if (frame.color_primaries != AVCOL_PRI_UNSPECIFIED) {
        colours.primaries = AVCOL_PRI_BT709;
    }
    if (!foreign) return std::nullopt;
    if (rgb) colours.matrix = AVCOL_SPC_BT2020_NCL;  // what it is brought to first
    colours.full = isFullRange(frame) && !rgb;
    if (colours.transfer == AVCOL_TRC_SMPTE2084) {
        if (known && known->transfer == colours.transfer) {
            colours.peak = known->peak;
            colours.white = known->white;
        }
        readBrightness(frame, colours);
    }
    return colours;
}

}  // namespace livepusher::capture
