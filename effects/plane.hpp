// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace livepusher::effects {

/// A rectangle of numbers with a margin on each side of its rows, so that whole vectors may be read and written there.
/// Its memory only grows: of a size it has had before it is free.
template <typename T>
class Plane {
public:
    static constexpr int kMargin = 64;  ///< cells before a row's first and behind its last, rounded up to 64

    void resize(int width, int height) {
        width_ = width;
        height_ = height;
        stride_ = (width + 63) / 64 * 64 + 2 * kMargin;
        const auto needed = static_cast<std::size_t>(stride_) * static_cast<std::size_t>(height);
        if (cells_.size() < needed) cells_.resize(needed);
    }
    int width() const { return width_; }
    int height() const { return height_; }
    int stride() const { return stride_; }
    T* row(int y) { return cells_.data() + kMargin + static_cast<std::ptrdiff_t>(y) * stride_; }
    const T* row(int y) const { return cells_.data() + kMargin + static_cast<std::ptrdiff_t>(y) * stride_; }
    T& at(int x, int y) { return row(y)[x]; }
    const T& at(int x, int y) const { return row(y)[x]; }

private:
    int width_ = 0, height_ = 0, stride_ = 0;
    std::vector<T> cells_;
};

}  // namespace livepusher::effects
