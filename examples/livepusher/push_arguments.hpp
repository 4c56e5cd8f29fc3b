// SPDX-License-Identifier: MIT
#pragma once

#include "run_options.hpp"

#include <livepusher/livepusher.hpp>

#include <optional>
#include <string>
#include <vector>

namespace program {

/// What `livepusher push` was asked to do; checked.
struct PushArguments {
    RunArguments run;
    livepusher::Properties properties;
    livepusher::Sources sources;
    std::string sourceNote;  ///< which sources were chosen for the user; empty: none
    bool keep = false;       ///< what ends by a fault that may pass is started again
    std::string bgm;         ///< background music; empty: none
    bool bgmLoop = false;
    std::optional<double> bgmVolume, micVolume;  ///< 0..1
    std::vector<std::string> alsoRead;           ///< paths of what is neither a source nor a property
    bool preview = false;                        ///< a window shows what is pushed
};

}  // namespace program
