// SPDX-License-Identifier: MIT
#include "capture/fallback/picture_watch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace livepusher::capture {
namespace {

constexpr int kColumns = 96, kRows = 54;
constexpr std::uint8_t kDark = 16 + 219 / 10;
constexpr double kBlackShare = 0.98;
constexpr int kStillLevels = 2;
constexpr float kLoud = 0.001F;

}  // namespace

PictureLook PictureWatch::look(const VideoFrame& frame) {
    const int columns = std::min(kColumns, frame.width()), rows = std::min(kRows, frame.height());
    points_.resize(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
    auto* point = points_.data();
    for (int row = 0; row < rows; ++row) {
        const auto* line =
            frame.plane(0) + static_cast<std::ptrdiff_t>((2 * row + 1) * frame.height() / (2 * rows)) * frame.stride(0);
        for (int column = 0; column < columns; ++column) *point++ = line[(2 * column + 1) * frame.width() / (2 * columns)];
    }
    const auto dark = std::ranges::count_if(points_, [](std::uint8_t level) { return level <= kDark; });
    const bool same = std::ranges::equal(points_, before_, [](int a, int b) { return std::abs(a - b) <= kStillLevels; });
    if (!same) std::swap(points_, before_);
    const auto count = static_cast<double>(same ? points_.size() : before_.size());
    return {.black = static_cast<double>(dark) >= kBlackShare * count, .same = same};
}

bool isLoud(const float* samples, std::size_t count) {
    return std::any_of(samples, samples + count, [](float sample) { return std::abs(sample) > kLoud; });
}

}  // namespace livepusher::capture
