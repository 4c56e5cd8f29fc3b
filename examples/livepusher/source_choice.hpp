// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/sources.hpp>

#include <optional>
#include <string>
#include <vector>

namespace program {

/// Which devices a machine has, as far as a cheap look tells.
struct Devices {
    bool camera = false;
    bool microphone = false;
};
Devices findDevices();

/// What the user said; what isn't said is chosen.
struct WantedSources {
    std::optional<std::string> source{}, video{}, audio{};
    std::vector<std::string> playlist{};  ///< what follows `source`
};

struct ChosenSources {
    livepusher::Sources sources;
    std::string note;  ///< for people: what was chosen for them and why; empty when they chose all
};

/// Camera and microphone where there are any, else the test pattern and its tone. Errors: InvalidArgument.
livepusher::Result<ChosenSources> chooseSources(const WantedSources& wanted, const Devices& devices);

}  // namespace program
