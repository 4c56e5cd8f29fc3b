// SPDX-License-Identifier: MIT
#pragma once

#include "encode/encoder.hpp"
#include "encode/known_encoders.hpp"

#include <memory>

namespace livepusher::encode {

/// H.264 by x264: 4-byte NAL lengths, parameter sets only in the Config packet, constant bitrate in
/// a VBV of half a second (low latency) or one second.
std::unique_ptr<VideoEncoder> makeX264Encoder();

/// One of the known encoders that libavcodec has. Packets, Config and rate control are as makeX264Encoder()'s, with these
/// differences. Where an encoder can't follow a bitrate while it runs, it begins again with a key frame: at once when the
/// rate falls by a tenth or more, else with the next key frame. AV1 carries no messages. SVT-AV1 gives a frame out one to
/// three calls later, and puts its key frames by count alone.
std::unique_ptr<VideoEncoder> makeAvcodecVideoEncoder(const KnownEncoder& encoder);

/// AAC-LC by libavcodec. A packet leaves two blocks after the one whose sound it decodes to, and the
/// first carries the encoder's priming: its pts lies one block before the first sample given, so it
/// may be negative on a clock that begins with that sample.
std::unique_ptr<AudioEncoder> makeAacEncoder();

/// Opus by libopus: frames of 20 ms, constrained VBR; the Config is an OpusHead. A packet's pts lies the encoder's
/// look-ahead (6.5 ms) before its block, so that sound comes out when it went in; close() sends one packet more, for
/// the last samples.
std::unique_ptr<AudioEncoder> makeOpusEncoder();

}  // namespace livepusher::encode
