// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/sources.hpp>

#include <string>
#include <vector>

namespace livepusher::capture {

/// The paths of the files that these sources read, with the clips of lists: what must not be written over. Reads the
/// lists, and may wait for their disk for ever. Descriptions that are wrong have none. [any-thread]
std::vector<std::string> localFiles(const Sources& sources);

}  // namespace livepusher::capture
