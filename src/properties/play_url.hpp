// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "net/url.hpp"

#include <string_view>

namespace livepusher::properties {

/// Where a player plays from: rtmp(s)://host[:port]/app/stream, http(s)://host/path/stream.flv, or the path of an .flv file; what
/// copying leaves around it is taken off. Errors: InvalidArgument, with a text that tells what is wrong and never repeats more of
/// it than the scheme.
Result<base::Url> parsePlayUrl(std::string_view text);

}  // namespace livepusher::properties
