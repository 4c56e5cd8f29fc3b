// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace livepusher::encode {

/// What decoders have to know, as containers want it.
struct DecoderConfig {
    std::vector<std::uint8_t> record;  ///< what a Config packet holds
    int width = 0, height = 0;         ///< px, as the stream itself says
};

/// Out of what libavcodec's encoders put out: NAL units behind start codes, or OBUs. Empty where nothing of the kind is
/// in it, or what makes no sense.
std::optional<DecoderConfig> readDecoderConfig(std::span<const std::uint8_t> coded, VideoCodec codec);

/// What a packet of one picture holds, `messages` before the picture (H.264 and H.265 alone). Empty where what was put out
/// makes no sense.
std::vector<std::uint8_t> makeSample(std::span<const std::uint8_t> coded, VideoCodec codec,
                                     std::span<const std::string> messages);

}  // namespace livepusher::encode
