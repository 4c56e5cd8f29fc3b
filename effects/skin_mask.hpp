// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "effects/face_shape.hpp"
#include "effects/plane.hpp"
#include "effects/smoothing_kernels.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace livepusher::effects {

/// Finds what of a frame is skin, at a quarter of its width and height. Without a face by colour alone; with one by the
/// colours found inside its outline, without eyes, lips and brows, and at half strength outside of it. Fades between the
/// two as faces do. Belongs to the video thread.
class SkinMask {
public:
    /// `luma`: of this frame, from kernels::shrinkLuma().
    void find(const VideoFrame& frame, const Plane<std::int16_t>& luma, std::span<const FaceShape> faces);

    const Plane<std::int16_t>& cells() const { return mask_; }                ///< 0..255
    const std::vector<kernels::Extent>& extents() const { return extents_; }  ///< of each row, where it isn't 0
    kernels::Rows rows() const { return rows_; }                              ///< that have any

private:
    struct Colour {  ///< of skin: mean and covariance of (Cb, Cr), 0 at 128
        float cb = 0, cr = 0, cbCb = 0, cbCr = 0, crCr = 0;
    };
    void drawFaces(std::span<const FaceShape> faces, float presence);
    void learnColour(float presence);
    void measureExtents();

    Plane<std::int16_t> cb_, cr_, region_, mask_, blurred_;
    kernels::ColumnSums sums_;
    std::vector<kernels::Extent> extents_;
    kernels::Rows rows_;
    Colour colour_;
    bool knowsColour_ = false;
};

}  // namespace livepusher::effects
