// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>
#include <livepusher/media.hpp>

#include <cstdint>
#include <string>

#include "effects/face_shape.hpp"
#include "media/picture_size.hpp"

namespace livepusher::effects::test {

/// The portrait of Debian's python3-skimage (Eileen Collins; NASA, public domain), 512x512 px, BT.601.
VideoFrame astronaut();
/// A part of it in another size, with a camera's noise, a new one for each number.
VideoFrame astronaut(const base::Rect& part, int width, int height, int noise, unsigned number = 0);

/// Her face at 1280 x 716 px.
inline VideoFrame portrait(unsigned number = 0) { return astronaut({30, 20, 400, 224}, 1280, 716, 4, number); }
/// Where it lies there, as far as the outlines go.
FaceShape portraitFace();

/// Every sample anything from `least` to `most`, the same each time.
VideoFrame random(int width, int height, unsigned seed, int least = 0, int most = 255);
VideoFrame plain(int width, int height, int y, int u, int v);
VideoFrame copyOf(const VideoFrame& frame);
bool samePixels(const VideoFrame& a, const VideoFrame& b);

/// Small numbers that look like chance.
class Chance {
public:
    explicit Chance(unsigned seed) : state_(seed * 2654435761U + 12345U) {}
    int operator()(int least, int most) {
        state_ = state_ * 1664525U + 1013904223U;
        return least + static_cast<int>((state_ >> 8U) % static_cast<unsigned>(most - least + 1));
    }

private:
    std::uint32_t state_;
};

}  // namespace livepusher::effects::test
