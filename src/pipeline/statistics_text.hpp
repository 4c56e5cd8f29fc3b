// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/events.hpp>

#include <string>
#include <vector>

namespace livepusher::pipeline {

/// What the property `debug` writes over the preview: short lines of ASCII. Without a push only the state.
std::vector<std::string> statisticsText(State state, const NetStatus& status);

}  // namespace livepusher::pipeline
