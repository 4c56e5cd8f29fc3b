// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "media/geometry.hpp"

#include <array>
#include <cstdint>

namespace livepusher::effects {

/// A rectangle of an I420 picture, by pointers. Valid while the frame it was made from is held.
template <typename Byte>
struct View {
    std::array<Byte*, 3> plane{};
    std::array<int, 3> stride{};
    int width = 0, height = 0;
};
using Source = View<const std::uint8_t>;
using Target = View<std::uint8_t>;

Source viewOf(const VideoFrame& frame, const Rect& part);
Target writableViewOf(VideoFrame& frame, const Rect& part);  ///< only before the frame is shared
inline Rect whole(const VideoFrame& frame) { return {0, 0, frame.width(), frame.height()}; }

/// How a pass turns what it copies: `flip` exchanges top and bottom, before a rotation.
void copy(const Source& from, const Target& to, bool flip);
void scale(const Source& from, const Target& to, bool flip);
void mirror(const Source& from, const Target& to);
void rotate(const Source& from, const Target& to, Rotation rotation, bool flip);
void black(const Target& to);

}  // namespace livepusher::effects
