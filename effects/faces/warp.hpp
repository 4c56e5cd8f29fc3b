// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "effects/face_shape.hpp"
#include "media/frame_pool.hpp"
#include "media/picture_size.hpp"

namespace livepusher::effects::faces {

/// How strongly a face is changed; 0: not at all.
struct WarpStrength {
    float thinner = 0;     ///< of cheeks and jaw, 0..1
    float biggerEyes = 0;  ///< 0..1
};

/// Where the pixels of a part of a picture come from: shifts at the corners of square cells, between which they go evenly.
struct WarpField {
    static constexpr int kUnit = 256;  ///< of a shift, for one px

    base::Rect part;                           ///< px, multiples of the cells' size, but where the picture ends
    int cell = 16;                             ///< px: 16, or 8 for small faces
    int columns = 0, rows = 0;                 ///< of cells
    std::vector<std::int32_t> shiftX, shiftY;  ///< (columns + 1) * (rows + 1); what a pixel shows lies so far from it, px * kUnit

    bool empty() const { return columns == 0; }
    std::size_t node(int column, int row) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns + 1) + static_cast<std::size_t>(column);
    }
    void clear() { columns = rows = 0; }
};

/// Where a place's content comes from when the face is changed; px, a shift.
class FaceWarp {
public:
    FaceWarp(const FaceShape& face, const WarpStrength& strength);

    Point shiftAt(Point place) const;
    /// What of the picture changes, in whole px; empty when nothing does.
    base::Rect bounds(int width, int height) const;
    float smallestRadius() const;  ///< px, of what is changed

private:
    struct Eye {
        Point centre;
        float radius = 0;
    };
    struct Jaw {
        Point centre, pull;
    };

    float outside(Point place) const;  ///< px from the face's outline; 0 inside

    float bigger_ = 0, jawRadius_ = 0, falloff_ = 0;
    std::vector<Eye> eyes_;
    std::vector<Jaw> jaw_;
    std::vector<Point> oval_;
};

/// Fills the field for one face in a picture of that size; empty() when the face stays as it is. Keeps the field's memory.
void fillField(const FaceShape& face, const WarpStrength& strength, int width, int height, WarpField& field);

/// Makes cheeks narrower and eyes bigger. Belongs to one thread; keeps its memory.
class Warp {
public:
    /// In place; a frame that others hold is replaced by a copy. What lies around the faces stays to the bit, and so does all
    /// of it when no face is there or both strengths are 0.
    void apply(VideoFrame& frame, std::span<const FaceShape> faces, const WarpStrength& strength);

private:
    void applyField(VideoFrame& frame);

    WarpField field_;
    std::array<std::vector<std::uint8_t>, 3> before_;
    base::FramePool pool_;
};

}  // namespace livepusher::effects::faces
