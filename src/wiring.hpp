// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/stages.hpp"

namespace livepusher {

/// The stages as they really are.
pipeline::Stages realStages();

}  // namespace livepusher
