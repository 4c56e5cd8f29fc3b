// SPDX-License-Identifier: MIT
#pragma once

#include "encode/known_encoders.hpp"

#include <memory>
#include <string>

namespace livepusher::encode {

class VideoEncoder;

/// What a trial has shown.
struct Trial {
    std::string problem;      ///< empty: it works
    double milliseconds = 0;  ///< that it took
};

/// Encodes some frames of 640x360 and looks at what comes out.
Trial tryEncoder(VideoEncoder& encoder, VideoCodec codec);

/// This machine's, not opened yet.
std::unique_ptr<VideoEncoder> makeEncoder(const KnownEncoder& known);

/// Whether this libavcodec (or x264) is made with it; nothing is loaded or opened.
bool isBuiltIn(const KnownEncoder& known);

}  // namespace livepusher::encode
