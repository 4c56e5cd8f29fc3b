// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

namespace livepusher::base {

/// What a picture still needs to stand upright: left and right exchanged where `mirrored`, then the turn. These eight are a
/// group: any sequence of them is one of them.
struct Orientation {
    Rotation rotation = Rotation::None;
    bool mirrored = false;
    bool operator==(const Orientation&) const = default;
    /// True when the picture's width becomes the upright picture's height.
    constexpr bool onItsSide() const { return rotation == Rotation::Cw90 || rotation == Rotation::Cw270; }
    constexpr bool none() const { return rotation == Rotation::None && !mirrored; }
};

/// Any multiple of 90, also below 0.
constexpr Rotation rotationOf(int degrees) { return static_cast<Rotation>((degrees % 360 + 360) % 360); }

inline Orientation orientationOf(const VideoFrame& frame) { return {frame.rotation, frame.mirrored}; }
inline void setOrientation(VideoFrame& frame, Orientation orientation) {
    frame.rotation = orientation.rotation;
    frame.mirrored = orientation.mirrored;
}

/// Both, one after the other: a turn behind a mirror goes the other way round.
constexpr Orientation then(Orientation first, Orientation second) {
    const int turn = static_cast<int>(first.rotation);
    return {rotationOf(static_cast<int>(second.rotation) + (second.mirrored ? -turn : turn)), first.mirrored != second.mirrored};
}

/// What takes it back. Each mirrored one takes back itself.
constexpr Orientation inverse(Orientation of) {
    return of.mirrored ? of : Orientation{rotationOf(-static_cast<int>(of.rotation)), false};
}

/// An orientation as libyuv can do it in one pass: it has no mirror with a turn, but takes rows in reverse before one.
struct TurnPass {
    bool mirror = false;  ///< left and right: a function of its own
    bool flip = false;    ///< top and bottom, before the rotation: by a negative height
    Rotation rotation = Rotation::None;
};

constexpr TurnPass passOf(Orientation of) {
    if (!of.mirrored) return {false, false, of.rotation};
    if (of.rotation == Rotation::None) return {true, false, Rotation::None};
    return {false, true, rotationOf(static_cast<int>(of.rotation) + 180)};
}

}  // namespace livepusher::base
