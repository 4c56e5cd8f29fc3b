// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include <span>
#include <string_view>

namespace livepusher::encode {

/// How an encoder is reached, which decides what it needs and how it is set up.
enum class EncoderKind {
    x264,    ///< by x264's own library
    x265,    ///< by libavcodec, as all that follow
    svtAv1,  ///< "
    nvenc,   ///< NVIDIA's
    qsv,     ///< Intel's Quick Sync
    vaapi,   ///< any GPU with a VA driver
    v4l2,    ///< a memory-to-memory device of V4L2, as small boards have
};

struct KnownEncoder {
    VideoCodec codec;
    EncoderKind kind;
    const char* name;  ///< libavcodec's, but for x264
    int since = 0;     ///< libavcodec's major version that has it; 0: all that this is built with

    bool hardware() const { return kind != EncoderKind::x264 && kind != EncoderKind::x265 && kind != EncoderKind::svtAv1; }
};

/// All that there is a way to, by codec, in the order in which they are preferred: hardware first.
std::span<const KnownEncoder> knownEncoders();

/// Null: there is none of that name.
const KnownEncoder* findEncoder(std::string_view name);

/// The one that needs no hardware.
const KnownEncoder& softwareEncoder(VideoCodec codec);

/// "H.264", "H.265", "AV1"
const char* codecName(VideoCodec codec);

}  // namespace livepusher::encode
