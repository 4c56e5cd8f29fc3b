// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/events.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace program {

/// "Pushing 00:01:23  812+96 kbps  15.0 fps  queue 2 (40 ms)  0 dropped  0 reconnects", with as many of its parts, the most
/// important first, as `width` columns hold.
std::string formatStatus(livepusher::State state, std::chrono::seconds elapsed, const livepusher::NetStatus& status, int width);

/// "pushed 10.0 s, 150 frames, 1.2 MB, 0 dropped, 0 reconnects"
std::string formatSummary(std::chrono::milliseconds elapsed, const livepusher::NetStatus& status);

/// "1.2 MB"
std::string formatBytes(std::uint64_t bytes);

}  // namespace program
