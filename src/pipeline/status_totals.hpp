// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/adaptation.hpp"
#include "pipeline/audio_lane.hpp"
#include "pipeline/push.hpp"
#include "pipeline/status_meter.hpp"
#include "pipeline/video_lane.hpp"

namespace livepusher::pipeline {

/// Reads every counter of a push for the status meter. A lane that a push lacks is null. [control]
StatusMeter::Totals totals(const Push& push, const VideoLane* video, const AudioLane* audio, const Orders& orders,
                           const Adaptation& adaptation);

}  // namespace livepusher::pipeline
