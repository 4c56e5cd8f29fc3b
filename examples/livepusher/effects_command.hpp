// SPDX-License-Identifier: MIT
#pragma once

#include "exit_code.hpp"

#include <livepusher/properties.hpp>

#include <string>

namespace program {

/// What `livepusher effects` was asked to do; checked.
struct EffectsArguments {
    std::string in, out;
    livepusher::Properties properties;
    bool sideBySide = false;
    bool quiet = false;
};

/// `livepusher effects`: a picture or a video through the picture effects, into another file.
ExitCode applyEffects(const EffectsArguments& arguments);

}  // namespace program
