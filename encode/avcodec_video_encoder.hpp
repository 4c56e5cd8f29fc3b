// SPDX-License-Identifier: MIT
#pragma once

#include "encode/encoder.hpp"
#include "encode/known_encoders.hpp"

#include <memory>

namespace livepusher::encode {

/// One of the known encoders that libavcodec has. Packets, Config and rate control are as makeX264Encoder()'s, with these
/// differences. Where an encoder can't follow a bitrate while it runs, it begins again with a key frame: at once when the
/// rate falls by a tenth or more, else with the next key frame. AV1 carries no messages. SVT-AV1 gives a frame out one to
/// three calls later, and puts its key frames by count alone.
std::unique_ptr<VideoEncoder> makeAvcodecVideoEncoder(const KnownEncoder& encoder);

}  // namespace livepusher::encode
