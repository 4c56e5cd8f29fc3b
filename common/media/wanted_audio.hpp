// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include "media/audio_format.hpp"

namespace livepusher::capture {

/// The sound that who asks for it wants to get.
struct WantedAudio : base::AudioFormat {
    AudioVolumeType role = AudioVolumeType::automatic;  ///< for the sound server
    MicChannels micChannels = MicChannels::automatic;   ///< of a microphone
};

}  // namespace livepusher::capture
