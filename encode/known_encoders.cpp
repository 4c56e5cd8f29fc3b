// SPDX-License-Identifier: MIT
#include "encode/known_encoders.hpp"

#include <algorithm>
#include <array>

namespace livepusher::encode {

namespace {

using enum VideoCodec;

constexpr int kFfmpeg6 = 60;  // libavcodec's major version there

constexpr std::array kAll{
    KnownEncoder{h264, EncoderKind::nvenc, "h264_nvenc"},
    KnownEncoder{h264, EncoderKind::qsv, "h264_qsv"},
    KnownEncoder{h264, EncoderKind::vaapi, "h264_vaapi"},
    KnownEncoder{h264, EncoderKind::v4l2, "h264_v4l2m2m"},
    KnownEncoder{h264, EncoderKind::x264, "x264"},
    KnownEncoder{hevc, EncoderKind::nvenc, "hevc_nvenc"},
    KnownEncoder{hevc, EncoderKind::qsv, "hevc_qsv"},
    KnownEncoder{hevc, EncoderKind::vaapi, "hevc_vaapi"},
    KnownEncoder{hevc, EncoderKind::v4l2, "hevc_v4l2m2m"},
    KnownEncoder{hevc, EncoderKind::x265, "libx265"},
    KnownEncoder{av1, EncoderKind::nvenc, "av1_nvenc", kFfmpeg6},
    KnownEncoder{av1, EncoderKind::qsv, "av1_qsv", kFfmpeg6},
    KnownEncoder{av1, EncoderKind::vaapi, "av1_vaapi", kFfmpeg6},
    KnownEncoder{av1, EncoderKind::svtAv1, "libsvtav1"},
};

}  // namespace

std::span<const KnownEncoder> knownEncoders() { return kAll; }

const KnownEncoder* findEncoder(std::string_view name) {
    const auto* found = std::ranges::find_if(kAll, [&](const KnownEncoder& each) { return each.name == name; });
    return found == kAll.end() ? nullptr : found;
}

const KnownEncoder& softwareEncoder(VideoCodec codec) {
    return *std::ranges::find_if(kAll, [&](const KnownEncoder& each) { return each.codec == codec && !each.hardware(); });
}

const char* codecName(VideoCodec codec) {
    switch (codec) {
        case h264: return "H.264";
        case hevc: return "H.265";
        case av1: return "AV1";
    }
    return "";
}

}  // namespace livepusher::encode
