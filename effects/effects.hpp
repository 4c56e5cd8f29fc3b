// SPDX-License-Identifier: MIT
#pragma once

#include "effects/effect.hpp"
#include "effects/faces/face_effects.hpp"
#include "effects/watermark.hpp"

#include <livepusher/codes.hpp>

#include <functional>
#include <memory>
#include <string>

namespace livepusher::effects {

/// What the picture pipeline gets from elsewhere.
struct VideoChainParts {
    LoadOverlay loadOverlay{};  ///< reads `watermark`; empty: there is none
    /// Hears of Code::EffectsFellBack and EffectsFellBackAgain, each once, on the video thread or one of the chain's own.
    std::function<void(Code, std::string)> onCode{};
    FaceTiming timing = FaceTiming::Live;  ///< EachFrame: every frame waits for all that it is to have, however long
};

/// Every step of the picture pipeline, in its order: fit, faces found, skin, colours, faces warped, watermark. What comes out
/// has the target's size, stands upright and has square pixels. With FaceTiming::Live it keeps to the time there is from
/// frame to frame (Budget).
std::unique_ptr<VideoEffect> makeVideoChain(VideoChainParts parts = {});

}  // namespace livepusher::effects
