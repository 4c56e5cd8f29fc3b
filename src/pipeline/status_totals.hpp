// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/adaptation.hpp"
#include "pipeline/lanes.hpp"
#include "pipeline/push.hpp"
#include "pipeline/status_meter.hpp"

namespace livepusher::pipeline {

/// Reads every counter of a push for the status meter. [control]
StatusMeter::Totals totals(const Push& push, const Lanes& lanes, const LaneSettings& settings, const Adaptation& adaptation);

}  // namespace livepusher::pipeline
