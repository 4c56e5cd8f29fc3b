// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/subscriber.hpp"
#include "net/url.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace livepusher::rtmp {

/// Bodies of the AMF0 command messages that a client sends (RTMP 1.0 §7.2).
std::vector<std::uint8_t> connectCommand(const base::Url& url, bool enhanced = false);  ///< `enhanced`: with the capabilities
std::vector<std::uint8_t> releaseStreamCommand(const std::string& streamKey);
std::vector<std::uint8_t> fcPublishCommand(const std::string& streamKey);
std::vector<std::uint8_t> createStreamCommand();
std::vector<std::uint8_t> publishCommand(const std::string& streamKey);
std::vector<std::uint8_t> fcUnpublishCommand(const std::string& streamKey);
std::vector<std::uint8_t> deleteStreamCommand(std::uint32_t streamId);

/// Of a player. `decodable`: with the capabilities; null: without.
std::vector<std::uint8_t> playingConnectCommand(const base::Url& url, const Decodable* decodable);
std::vector<std::uint8_t> playCommand(const std::string& streamKey);  ///< of what is live, and nothing else
/// The body of a user control message (RTMP 1.0 §7.1.7).
std::array<std::uint8_t, 10> setBufferLength(std::uint32_t streamId, std::chrono::milliseconds length);

}  // namespace livepusher::rtmp
