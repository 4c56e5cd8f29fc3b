// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/effects.hpp>

#include "pipeline/stages.hpp"
#include "playback/stages.hpp"

#include <memory>

namespace livepusher {

/// The stages as they really are.
pipeline::Stages realStages();
playback::PlayerStages realPlayerStages();

/// The parts of an EffectChain.
struct EffectParts {
    std::unique_ptr<effects::VideoEffect> chain;
    Result<void> (*check)(const Properties&);  ///< whether the build and the models can do it
};
EffectParts realEffects(EffectPace pace);

}  // namespace livepusher
