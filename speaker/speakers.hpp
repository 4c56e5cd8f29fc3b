// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "speaker/speaker.hpp"

namespace livepusher::speaker {

/// Of PulseAudio or PipeWire, else of ALSA, else none.
std::unique_ptr<Speaker> makeSpeaker();

}  // namespace livepusher::speaker
