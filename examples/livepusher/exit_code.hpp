// SPDX-License-Identifier: MIT
#pragma once

namespace program {

/// What the program tells its caller.
enum ExitCode : int {
    kDone = 0,
    kOtherFailure = 1,
    kBadArguments = 2,
    kSourceFailure = 3,   ///< a source or a device
    kNetworkFailure = 4,  ///< the network or the server
    kEncoderFailure = 5,
};

/// The exit code for the library code that ended a push.
ExitCode exitCodeFor(int code);

}  // namespace program
