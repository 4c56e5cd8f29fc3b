// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/codes.hpp>

namespace program {

/// What the program tells its caller.
enum ExitCode : int {
    kDone = static_cast<int>(livepusher::Fault::Nothing),
    kOtherFailure = static_cast<int>(livepusher::Fault::Other),
    kBadArguments = static_cast<int>(livepusher::Fault::Arguments),
    kSourceFailure = static_cast<int>(livepusher::Fault::Source),
    kNetworkFailure = static_cast<int>(livepusher::Fault::Network),
    kEncoderFailure = static_cast<int>(livepusher::Fault::Encoder),
};

/// The exit code for the library code that ended a push.
inline ExitCode exitCodeFor(int code) {
    const auto* info = livepusher::describeCode(code);
    return info ? static_cast<ExitCode>(info->fault) : kOtherFailure;
}

}  // namespace program
