// SPDX-License-Identifier: MIT
#pragma once

#include "encode/encoder.hpp"
#include "encode/known_encoders.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <string>
#include <vector>

namespace livepusher::encode {

/// An option of libavcodec's by name; one that this libavcodec or encoder doesn't know is passed over.
struct AvOption {
    const char* name;
    std::string value;
};

/// What one kind of encoder is opened with beside what all are: several ways, each tried when the one before it was
/// refused, for drivers differ in what they can.
std::vector<std::vector<AvOption>> optionsFor(EncoderKind kind, const VideoEncoderSettings& settings);

/// What all are opened with.
void applyCommon(AVCodecContext& context, EncoderKind kind, const VideoEncoderSettings& settings);

/// Constant bitrate in a buffer of half a second (low latency) or one second, as x264 has it.
void applyRate(AVCodecContext& context, EncoderKind kind, const VideoEncoderSettings& settings);

/// Pixels that it is given: planes as they are, or Y and interleaved UV.
AVPixelFormat pixelsFor(EncoderKind kind);

/// Follows bit_rate between two frames; others have to be opened again.
bool followsBitrate(EncoderKind kind);

/// Makes a key frame of a picture that says so; others have to be opened again.
bool followsForcedKeys(EncoderKind kind);

}  // namespace livepusher::encode
