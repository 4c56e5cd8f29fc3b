// SPDX-License-Identifier: MIT
#pragma once

#include "run_options.hpp"

#include <livepusher/player_properties.hpp>

#include <string>

namespace program {

/// What `livepusher play` was asked to do; checked.
struct PlayArguments {
    RunArguments run;
    livepusher::PlayerProperties properties;
    bool window = true;      ///< the picture is shown in one
    std::string windowNote;  ///< why there is none though nobody said so; empty: there is, or somebody did
};

}  // namespace program
