// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/devices.hpp>

#include <string>
#include <vector>

namespace livepusher::capture {

/// The microphones of the sound server and of ALSA's cards, and what can be heard of what the machine plays; the default
/// first. `notes` get why a kind could not be listed. Takes at most some 1 s, when a server doesn't answer. [any-thread]
std::vector<MicrophoneInfo> listMicrophones(std::vector<std::string>& notes);

}  // namespace livepusher::capture
