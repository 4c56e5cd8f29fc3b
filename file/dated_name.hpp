// SPDX-License-Identifier: MIT
#pragma once

#include <ctime>
#include <string>

namespace livepusher::file {

/// The path with the date and time in it: %Y %m %d %H %M %S %j %y, as strftime has them, and %% for one %. Any other % stays as
/// it is. In local time.
std::string datedName(const std::string& path, std::time_t now);

}  // namespace livepusher::file
