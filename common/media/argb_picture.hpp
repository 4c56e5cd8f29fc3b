// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace livepusher::base {

/// A still picture with alpha: bytes B, G, R, A (what libyuv calls ARGB), the colours multiplied by alpha.
struct ArgbPicture {
    ArgbPicture(int w, int h) : width(w), height(h), bytes(static_cast<std::size_t>(w) * static_cast<std::size_t>(h) * 4) {}
    int stride() const { return width * 4; }
    std::uint8_t* row(int y) { return bytes.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(stride()); }
    const std::uint8_t* row(int y) const {
        return bytes.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(stride());
    }

    int width, height;  ///< px
    std::vector<std::uint8_t> bytes;
};

}  // namespace livepusher::base
