// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace livepusher::encode {

/// livepusher-probe, which tries one hardware encoder in a process of its own.
struct ProbeProgram {
    std::string path;     ///< empty: it is not there
    bool chosen = false;  ///< named by LIVEPUSHER_PROBE
};

/// LIVEPUSHER_PROBE, else beside the library: in the build tree's bin/, or where it was installed.
ProbeProgram findProbeProgram();

}  // namespace livepusher::encode
