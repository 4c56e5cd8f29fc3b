// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/events.hpp>
#include <livepusher/player_events.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace program {

/// "Pushing 00:01:23  812+96 kbps  15.0 fps  queue 2 (40 ms)  0 dropped  0 reconnects", with as many of its parts, the most
/// important first, as `width` columns hold.
std::string formatStatus(livepusher::State state, std::chrono::seconds elapsed, const livepusher::NetStatus& status, int width);

/// The same of a player: "playing 00:01:23  1280x720 30.0 fps  912 kbps  delay 1020 of 1000 ms  speed 1.05  0 stalls  quality 1";
/// the speed only where it is not 1.
std::string formatStatus(livepusher::PlayerState state, std::chrono::seconds elapsed, const livepusher::PlayerNetStatus& status,
                         int width);

/// "pushed 10.0 s, 150 frames, 1.2 MB, 0 dropped, 0 reconnects"
std::string formatSummary(std::chrono::milliseconds elapsed, const livepusher::NetStatus& status);

/// "played 10.0 s, 1.2 MB, 1 stall of 0.8 s, 0 skips, 0 reconnects"
std::string formatSummary(std::chrono::milliseconds elapsed, const livepusher::PlayerNetStatus& status);

/// "1.2 MB"
std::string formatBytes(std::uint64_t bytes);

}  // namespace program
