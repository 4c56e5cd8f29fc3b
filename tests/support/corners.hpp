// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <ostream>

namespace livepusher::test {

/// What stands in the four quarters of a picture: each has a luma and two chroma values of its own.
struct Corners {
    std::array<int, 4> quarter{};  ///< top left, top right, bottom left, bottom right
    bool operator==(const Corners&) const = default;
    friend std::ostream& operator<<(std::ostream& out, const Corners& c) {
        for (const int q : c.quarter) out << q << ' ';
        return out;
    }
};

inline constexpr std::array<std::array<int, 3>, 4> kQuarterColours{
    {{40, 90, 200}, {90, 200, 90}, {150, 60, 60}, {210, 160, 150}}};

inline void paint(VideoFrame& frame, int x, int y, const std::array<int, 3>& colour) {
    frame.mutablePlane(0)[y * frame.stride(0) + x] = static_cast<std::uint8_t>(colour[0]);
    for (int i = 1; i < 3; ++i)
        frame.mutablePlane(i)[y / 2 * frame.stride(i) + x / 2] = static_cast<std::uint8_t>(colour[static_cast<std::size_t>(i)]);
}

/// Quarters numbered 0..3 in reading order.
inline VideoFrame quarters(int width, int height) {
    auto frame = VideoFrame::allocate(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            paint(frame, x, y, kQuarterColours[static_cast<std::size_t>((y >= height / 2 ? 2 : 0) + (x >= width / 2 ? 1 : 0))]);
    return frame;
}

/// The quarter whose colour that pixel has in all three planes; -1: none, -2: black.
inline int quarterAt(const VideoFrame& frame, int x, int y) {
    const auto is = [&](const std::array<int, 3>& colour) {
        for (int i = 0; i < 3; ++i) {
            const int shift = i > 0;
            if (std::abs(frame.plane(i)[(y >> shift) * frame.stride(i) + (x >> shift)] - colour[static_cast<std::size_t>(i)]) > 1)
                return false;
        }
        return true;
    };
    for (int q = 0; q < 4; ++q)
        if (is(kQuarterColours[static_cast<std::size_t>(q)])) return q;
    return is({16, 128, 128}) ? -2 : -1;
}

/// Read at the outermost pixels.
inline Corners cornersOf(const VideoFrame& frame) {
    const int right = frame.width() - 1, bottom = frame.height() - 1;
    return {{quarterAt(frame, 0, 0), quarterAt(frame, right, 0), quarterAt(frame, 0, bottom), quarterAt(frame, right, bottom)}};
}

/// As a picture with these corners is seen once it has been mirrored, and then turned.
inline Corners seen(const Corners& corners, Rotation rotation, bool mirrored) {
    const auto& c = corners.quarter;
    Corners out = mirrored ? Corners{{c[1], c[0], c[3], c[2]}} : corners;
    for (int quarter = 0; quarter < static_cast<int>(rotation) / 90; ++quarter)
        out = {{out.quarter[2], out.quarter[0], out.quarter[3], out.quarter[1]}};
    return out;
}

}  // namespace livepusher::test
