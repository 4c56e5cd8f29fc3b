// SPDX-License-Identifier: MIT
#pragma once

#include "exit_code.hpp"

#include <livepusher/devices.hpp>

#include <string>

namespace program {

/// What `livepusher devices` shows to people: under each kind a line for each device, its source first.
std::string deviceTable(const livepusher::DeviceList& devices);

/// Lists them on stdout.
ExitCode listDevices(bool json);

}  // namespace program
