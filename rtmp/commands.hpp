// SPDX-License-Identifier: MIT
#pragma once

#include "net/url.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace livepusher::rtmp {

/// Bodies of the AMF0 command messages that a publishing client sends (RTMP 1.0 §7.2).
std::vector<std::uint8_t> connectCommand(const base::Url& url, bool enhanced = false);  ///< `enhanced`: with the capabilities
std::vector<std::uint8_t> releaseStreamCommand(const std::string& streamKey);
std::vector<std::uint8_t> fcPublishCommand(const std::string& streamKey);
std::vector<std::uint8_t> createStreamCommand();
std::vector<std::uint8_t> publishCommand(const std::string& streamKey);
std::vector<std::uint8_t> fcUnpublishCommand(const std::string& streamKey);
std::vector<std::uint8_t> deleteStreamCommand(std::uint32_t streamId);

}  // namespace livepusher::rtmp
