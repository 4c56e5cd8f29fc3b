// SPDX-License-Identifier: MIT
#pragma once

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

}  // namespace program
