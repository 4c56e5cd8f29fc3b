// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

namespace livepusher::capture {

/// The sound that who asks for it wants to get.
struct WantedAudio {
    int sampleRate = 48000;  ///< Hz
    int channels = 2;
    AudioVolumeType role = AudioVolumeType::automatic;  ///< for the sound server
    MicChannels micChannels = MicChannels::automatic;   ///< of a microphone
};

}  // namespace livepusher::capture
