// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace livepusher::rtmp {

/// What a server said, made fit for a message to people: printable UTF-8 on one line, at most 200
/// bytes, and "***" wherever the stream key, a part of it or a value of its query is repeated.
std::string serverText(std::string_view said, std::string_view streamKey);

}  // namespace livepusher::rtmp
