// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace livepusher::rtmp {

/// RFC 1321; servers' logins use it, nothing that has to be safe.
std::array<std::uint8_t, 16> md5(std::string_view text);

std::string md5Hex(std::string_view text);     ///< 32 small digits
std::string md5Base64(std::string_view text);  ///< 24 characters (RFC 4648 §4)

}  // namespace livepusher::rtmp
