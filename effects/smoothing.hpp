// SPDX-License-Identifier: MIT
#pragma once

#include "effects/effect.hpp"
#include "effects/face_shape.hpp"

#include <memory>

namespace livepusher::effects {

/// Smooths and brightens skin: beauty, beautyStyle, skinSmoothness, skinWhiteness. A fast guided filter on luma, in place:
/// edges stay, and what is no skin stays as it was to the bit. With all of them 0 a frame isn't touched.
/// `mailbox`: the frame's faces; null: there are never any.
std::unique_ptr<VideoEffect> makeSmoothing(std::shared_ptr<const FaceMailbox> mailbox = nullptr);

}  // namespace livepusher::effects
