// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace livepusher::effects {

/// A place in a picture: px of the upright frame, the first pixel's centre at 0.5.
struct Point {
    float x = 0, y = 0;
    bool operator==(const Point&) const = default;
};

/// One face as it lies in a frame: the 468 points of the face mesh, numbered as MediaPipe numbers them.
struct FaceShape {
    static constexpr std::size_t kPoints = 468;

    std::array<Point, kPoints> points{};
    float width = 0;     ///< px, from the right ear's point (234) to the left one's (454)
    float opacity = 0;   ///< 0 not to be seen .. 1 found: effects fade with it
    Timestamp moment{};  ///< pts of the frame that the points were found in
};

// The outlines among the points, each a closed polygon in order.
inline constexpr std::array<std::uint16_t, 36> kFaceOval{10,  338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288,
                                                         397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
                                                         172, 58,  132, 93,  234, 127, 162, 21,  54,  103, 67,  109};
inline constexpr std::array<std::uint16_t, 16> kRightEye{33,  7,   163, 144, 145, 153, 154, 155,
                                                         133, 173, 157, 158, 159, 160, 161, 246};
inline constexpr std::array<std::uint16_t, 16> kLeftEye{263, 249, 390, 373, 374, 380, 381, 382,
                                                        362, 398, 384, 385, 386, 387, 388, 466};
inline constexpr std::array<std::uint16_t, 20> kLips{61,  146, 91,  181, 84,  17, 314, 405, 321, 375,
                                                     291, 409, 270, 269, 267, 0,  37,  39,  40,  185};
inline constexpr std::array<std::uint16_t, 10> kRightBrow{46, 53, 52, 65, 55, 107, 66, 105, 63, 70};
inline constexpr std::array<std::uint16_t, 10> kLeftBrow{276, 283, 282, 295, 285, 336, 296, 334, 293, 300};

/// What the steps of the picture pipeline tell each other about the frame in hand. Belongs to the video thread: the step
/// that tracks faces writes `faces`, smoothing and warp read them; the budget keeper writes the rest.
struct FaceMailbox {
    std::vector<FaceShape> faces;  ///< of this frame; empty: none, or nothing looks for them
    int trackEvery = 1;            ///< frames from one tracking to the next
    bool warp = true;              ///< false: no time for the face warp
    int skinEvery = 1;             ///< frames from one search for skin to the next: those between use what it found
    bool smooth = true;            ///< false: no time for skin smoothing
};

}  // namespace livepusher::effects
