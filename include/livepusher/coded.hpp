// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include <cstdint>
#include <span>

namespace livepusher {

/// One access unit of the application's own encoder, read during the call that takes it and not kept. For the video
/// source "coded": it goes out as it is, and nothing of the pictures' effects or of the encoder's properties holds.
struct CodedVideoView {
    VideoCodec codec = VideoCodec::h264;  ///< h264 or hevc; the same for all
    /// All NAL units of one picture, with start codes (Annex B) or with 4-byte lengths; parameter sets may come along or
    /// in a call of their own, before the first key frame at the latest.
    std::span<const std::uint8_t> data{};
    Timestamp pts{};  ///< on livepusher::now()'s clock; zero: the moment of the call
    Timestamp dts{};  ///< the same, where pictures are reordered; zero: as pts
};

}  // namespace livepusher
