// SPDX-License-Identifier: MIT
#include "capture/test_counter.hpp"

#include <algorithm>

namespace livepusher::capture {
namespace {

/// Mean luma of the middle half of a block: its edges suffer from scaling and coding.
int blockLuma(const VideoFrame& frame, int block, int row) {
    const double left = TestCounter::kLeft + TestCounter::kWidth * block;
    const double top = TestCounter::kTop + TestCounter::kHeight * row;
    const auto begin = [](double at, double size, int length) { return static_cast<int>((at + size / 4) * length); };
    const auto end = [](double at, double size, int length) { return static_cast<int>((at + size * 3 / 4) * length); };
    const int x0 = begin(left, TestCounter::kWidth, frame.width());
    const int x1 = std::max(end(left, TestCounter::kWidth, frame.width()), x0 + 1);
    const int y0 = begin(top, TestCounter::kHeight, frame.height());
    const int y1 = std::max(end(top, TestCounter::kHeight, frame.height()), y0 + 1);
    int sum = 0;  // a block's middle is at most 121x246 pixels
    for (int y = y0; y < y1; ++y)
        for (int x = x0; x < x1; ++x) sum += frame.plane(0)[y * frame.stride(0) + x];
    return sum / ((x1 - x0) * (y1 - y0));
}

}  // namespace

std::optional<std::uint32_t> readTestCounter(const VideoFrame& frame) {
    if (!frame || frame.width() < 64 || frame.height() < 32) return std::nullopt;
    std::uint32_t value = 0;
    for (int block = 0; block < TestCounter::kBlocks; ++block) {
        const int difference = blockLuma(frame, block, 0) - blockLuma(frame, block, 1);
        if (difference > -TestCounter::kContrast && difference < TestCounter::kContrast) return std::nullopt;
        value = value << 1U | (difference > 0 ? 1U : 0U);
    }
    return value;
}

}  // namespace livepusher::capture
