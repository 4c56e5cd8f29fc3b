// SPDX-License-Identifier: MIT
#pragma once

#include "exit_code.hpp"

#include <livepusher/devices.hpp>

#include <span>
#include <string>

namespace program {

/// `livepusher encoders`: which video encoders work here, and why the others don't. kEncoderFailure: none does.
ExitCode listEncoders(bool json);

/// The table for people.
std::string encoderTable(std::span<const livepusher::EncoderInfo> encoders);

}  // namespace program
