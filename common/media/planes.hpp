// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "media/orientation.hpp"
#include "media/picture_size.hpp"

#include <array>
#include <cstdint>

namespace livepusher::base {

/// A rectangle of an I420 picture, by pointers. Valid while the frame it was made from is held.
template <typename Byte>
struct View {
    std::array<Byte*, 3> plane{};
    std::array<int, 3> stride{};
    int width = 0, height = 0;
};
using Source = View<const std::uint8_t>;
using Target = View<std::uint8_t>;

inline Rect whole(const VideoFrame& frame) { return {0, 0, frame.width(), frame.height()}; }
Source viewOf(const VideoFrame& frame, const Rect& part);
Target writableViewOf(VideoFrame& frame, const Rect& part);  ///< only before the frame is shared
inline Source viewOf(const VideoFrame& frame) { return viewOf(frame, whole(frame)); }
inline Target writableViewOf(VideoFrame& frame) { return writableViewOf(frame, whole(frame)); }

/// Copies as the orientation says; of one that lies on its side `to` has height and width exchanged.
void copy(const Source& from, const Target& to, Orientation orientation = {});
/// `flip`: exchanges top and bottom.
void scale(const Source& from, const Target& to, bool flip = false);
void black(const Target& to);

}  // namespace livepusher::base
