// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/player_properties.hpp>

#include "decode/decoder.hpp"

#include <memory>

namespace livepusher::decode {

/// H.264, HEVC and AV1 by libavcodec; at most 4096x2304 pixels. In software: slices on two threads above 720p and never whole
/// frames, each of which would wait for another. In hardware: VAAPI, CUDA or VDPAU, the first that can be opened, its pictures
/// copied back; software where none can, or where the one gives no pictures. `automatic` is software for H.264 up to 1080p30 and
/// all below 1080p, for the rest hardware where there is some.
std::unique_ptr<VideoDecoder> makeVideoDecoder(VideoDecoderType type, DecoderObserver& observer);

/// AAC, Opus, MP3 and G.711 by libavcodec, resampled where it has to be. `wanted`: as Resampler::check() has it.
std::unique_ptr<AudioDecoder> makeAudioDecoder(base::AudioFormat wanted, DecoderObserver& observer);

}  // namespace livepusher::decode
