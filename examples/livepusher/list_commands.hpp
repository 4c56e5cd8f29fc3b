// SPDX-License-Identifier: MIT
#pragma once

#include "exit_code.hpp"

namespace program {

/// `livepusher devices`: cameras, microphones and screens, under each kind a line for each, its source first. kSourceFailure:
/// there is none.
ExitCode listDevices(bool json);

/// `livepusher encoders`: which video encoders work here, and why the others don't. kEncoderFailure: none does.
ExitCode listEncoders(bool json);

}  // namespace program
