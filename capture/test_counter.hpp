// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>
#include <optional>

namespace livepusher::capture {

/// Where the test picture carries its frame counter, for any program that reads it back, as fractions of the
/// picture's width and height. A row of 32 blocks holds the counter, the most significant bit to the left, white
/// for 1 and black for 0; the row beneath holds the complement of each. A block is read as the mean luma of its middle.
struct TestCounter {
    static constexpr int kBlocks = 32;
    static constexpr double kLeft = 1.0 / 34;   ///< of the width: where the first block begins
    static constexpr double kWidth = 1.0 / 34;  ///< of the width: one block
    static constexpr double kTop = 0.80;        ///< of the height: where the row begins
    static constexpr double kHeight = 0.06;     ///< of the height: each of the two rows
    static constexpr int kContrast = 40;        ///< luma steps that a block and its complement differ by at least
};

/// The frame counter that a test picture carries, also after scaling and coding; empty when there is none that can
/// be trusted. The picture must stand as it was made: not cropped, turned or mirrored. [any-thread]
std::optional<std::uint32_t> readTestCounter(const VideoFrame& frame);

}  // namespace livepusher::capture
