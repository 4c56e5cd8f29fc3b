// SPDX-License-Identifier: MIT
#pragma once

#include "decode/decoder.hpp"

#include <memory>

namespace livepusher::decode {

/// H.264, HEVC and AV1 by libavcodec, in software: slices on two threads above 720p and never whole frames, each of which would
/// wait for another; at most 4096x2304 pixels.
std::unique_ptr<VideoDecoder> makeVideoDecoder(DecoderObserver& observer);

/// AAC, Opus, MP3 and G.711 by libavcodec, resampled where it has to be. `wanted`: as Resampler::check() has it.
std::unique_ptr<AudioDecoder> makeAudioDecoder(base::AudioFormat wanted, DecoderObserver& observer);

}  // namespace livepusher::decode
