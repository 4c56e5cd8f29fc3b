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
constexpr int kStillLevels = 4;
constexpr std::size_t kStillPoints = 500;  // one in so many may differ by more
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
    const PictureLook look{.black = static_cast<double>(dark) >= kBlackShare * static_cast<double>(points_.size()),
                           .same = points_.size() == before_.size() && moved() * kStillPoints <= points_.size()};
    std::swap(points_, before_);
    return look;
}

std::size_t PictureWatch::moved() const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < points_.size(); ++i) count += std::abs(points_[i] - before_[i]) > kStillLevels ? 1 : 0;
    return count;
}

bool isLoud(const float* samples, std::size_t count) {
    return std::any_of(samples, samples + count, [](float sample) { return std::abs(sample) > kLoud; });
}

}  // namespace livepusher::capture
