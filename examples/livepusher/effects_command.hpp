// SPDX-License-Identifier: MIT
#pragma once

#include "effects_arguments.hpp"
#include "exit_code.hpp"

namespace program {

/// `livepusher effects`: a picture or a video through the picture effects, into another file.
ExitCode applyEffects(const EffectsArguments& arguments);

}  // namespace program
