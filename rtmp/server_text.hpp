// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace livepusher::rtmp {

/// What a server said, made fit for a message to people: printable UTF-8 on one line, at most 200
/// bytes, and "***" wherever one of the stream keys, a part of it or a value of its query is repeated.
std::string serverText(std::string_view said, std::initializer_list<std::string_view> streamKeys);

inline std::string serverText(std::string_view said, std::string_view streamKey) { return serverText(said, {streamKey}); }

}  // namespace livepusher::rtmp
