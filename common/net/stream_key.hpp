// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>
#include <string_view>

namespace livepusher::base {

/// The property `streamKey` as it goes to the server: byte for byte, but for what withoutWrapping() takes off. Empty for nothing.
/// Errors: InvalidArgument, with a text that tells what is wrong and repeats nothing of the key.
Result<std::string> parseStreamKey(std::string_view text);

}  // namespace livepusher::base
