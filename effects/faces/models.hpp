// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>
#include <vector>

#include "effects/faces/detector.hpp"
#include "effects/faces/landmarks.hpp"

namespace livepusher::effects::faces {

struct Models {
    Detector detector;
    Landmarks landmarks;
};

/// Directories that are looked into when none is set: share/livepusher/models beside the library or program that this code
/// is in, so that an installed tree can be moved and a build tree serves itself; then where this build would be installed.
std::vector<std::string> modelPlaces();

/// The directory that holds both models: `directory`, or where it is empty the first of modelPlaces() that does.
Result<std::string> findModels(const std::string& directory);

/// Reads both. Takes some 20 ms.
Result<Models> loadModels(const std::string& directory);

}  // namespace livepusher::effects::faces
