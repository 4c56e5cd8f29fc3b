// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/devices.hpp>

#include <string>
#include <vector>

namespace livepusher::capture {

/// All cameras, in the order of their numbers, also those that can't be used now; `notes` says why there is none. Never lets
/// one stream. Takes as long as the drivers do, at most 2 s. [any-thread]
std::vector<CameraInfo> listCameras(std::vector<std::string>& notes);

/// The microphones of the sound server and of ALSA's cards, and what can be heard of what the machine plays; the default
/// first. `notes` get why a kind could not be listed. Takes at most some 1 s, when a server doesn't answer. [any-thread]
std::vector<MicrophoneInfo> listMicrophones(std::vector<std::string>& notes);

/// The screens, monitors and titled windows of the X display that DISPLAY names; `notes` gets why there are none. Takes at
/// most 1 s, also when the X server hangs. [any-thread]
std::vector<ScreenInfo> listScreens(std::vector<std::string>& notes);

}  // namespace livepusher::capture
