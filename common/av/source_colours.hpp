// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

extern "C" {
#include <libavutil/frame.h>
}

namespace livepusher::capture {

/// What the values of a decoded picture stand for, where that is neither BT.709 nor BT.601 SDR (ITU-T H.273 §8.1 to 8.3).
struct SourceColours {
    AVColorSpace matrix = AVCOL_SPC_BT2020_NCL;
    AVColorPrimaries primaries = AVCOL_PRI_BT2020;
    AVColorTransferCharacteristic transfer = AVCOL_TRC_BT709;  ///< SMPTE2084 (PQ), ARIB_STD_B67 (HLG), else SDR
    bool full = false;                                         ///< full range
    int peak = 1000;                                           ///< cd/m² of the brightest there is; PQ only
    int white = 203;                                           ///< cd/m² that become SDR's white (ITU-R BT.2408); PQ only
    bool operator==(const SourceColours&) const = default;

    bool isHdr() const { return transfer == AVCOL_TRC_SMPTE2084 || transfer == AVCOL_TRC_ARIB_STD_B67; }
    /// For the log: "HDR (PQ, BT.2020)".
    std::string text() const;
};

/// None: the picture is SDR as BT.709 and BT.601 have it. `known`: what the picture before it was, whose brightness holds
/// on where a picture doesn't tell its own. [any-thread]
std::optional<SourceColours> foreignColours(const AVFrame& frame, const std::optional<SourceColours>& known = {});

/// Whether YUV without a mapping is BT.709, else BT.601; as players guess where nothing is told. [any-thread]
bool isBt709(const AVFrame& frame);

}  // namespace livepusher::capture
