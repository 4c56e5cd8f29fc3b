// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <numbers>

#include "effects/face_shape.hpp"

namespace livepusher::effects::faces {

/// Takes the tremble out of a face's points and lets movement through: the 1 € filter (Casiez, Roussel, Vogel, CHI 2012), each
/// point's speed counted in widths of the face a second.
class OneEuro {
public:
    using Points = std::array<Point, FaceShape::kPoints>;

    /// `seconds` since the last, `width` of the face; the first is taken as it is.
    const Points& take(const Points& measured, float width, float seconds) {
        if (first_ || seconds <= 0 || width <= 0) {
            first_ = false;
            smooth_ = last_ = measured;
            speeds_ = {};
            return smooth_;
        }
        const float ofSpeed = share(kSpeedCutoff, seconds);
        for (std::size_t i = 0; i < measured.size(); ++i) {
            const Point speed{(measured[i].x - last_[i].x) / seconds, (measured[i].y - last_[i].y) / seconds};
            speeds_[i].x += ofSpeed * (speed.x - speeds_[i].x);
            speeds_[i].y += ofSpeed * (speed.y - speeds_[i].y);
            const float quick = std::hypot(speeds_[i].x, speeds_[i].y) / width;
            const float ofPlace = share(kLeastCutoff + kPerSpeed * quick, seconds);
            smooth_[i].x += ofPlace * (measured[i].x - smooth_[i].x);
            smooth_[i].y += ofPlace * (measured[i].y - smooth_[i].y);
        }
        last_ = measured;
        return smooth_;
    }

    const Points& smooth() const { return smooth_; }

private:
    static constexpr float kLeastCutoff = 1.0F, kSpeedCutoff = 1.5F, kPerSpeed = 25;  // Hz, Hz, Hz s for one width

    static float share(float cutoff, float seconds) {
        const float turns = 2 * std::numbers::pi_v<float> * cutoff * seconds;
        return turns / (turns + 1);
    }

    bool first_ = true;
    Points smooth_{}, last_{}, speeds_{};
};

}  // namespace livepusher::effects::faces
