// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/devices.hpp>

#include <string>
#include <vector>

namespace livepusher::capture {

/// All cameras, in the order of their numbers, also those that can't be used now; `notes` says why there is none. Never lets
/// one stream. Takes as long as the drivers do, at most 2 s. [any-thread]
std::vector<CameraInfo> listCameras(std::vector<std::string>& notes);

}  // namespace livepusher::capture
