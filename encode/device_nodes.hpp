// SPDX-License-Identifier: MIT
#pragma once

#include "encode/known_encoders.hpp"

#include <string>
#include <vector>

namespace livepusher::encode {

/// What of a machine's hardware an encoder could be reached by, as far as a look at /dev tells.
struct DeviceNodes {
    std::vector<std::string> render;  ///< paths of GPUs' render nodes, those that may be opened
    std::string lockedRender;         ///< one that may not
    bool intel = false;               ///< a render node is Intel's
    bool nvidia = false;              ///< NVIDIA's own driver is there
    bool video = false;               ///< V4L2 devices are there: cameras mostly
    bool any() const { return !render.empty() || !lockedRender.empty() || nvidia || video; }
};

/// A look at what files there are; nothing is opened.
DeviceNodes findDeviceNodes(const std::string& dev = "/dev", const std::string& sys = "/sys");

/// Whether one of the V4L2 devices can encode. Opens them, which may take a moment.
bool hasVideoCodecDevice(const std::string& dev = "/dev");

/// Why hardware of that kind can't be here, and what to do; empty: it may be.
std::string missingHardware(EncoderKind kind, const DeviceNodes& nodes);

}  // namespace livepusher::encode
