// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace livepusher::rtmp {

/// A host's name as it stands in protocols: "bücher.example" is "xn--bcher-kva.example" (RFC 5891). As with libcurl's own
/// look-ups the application's locale says what the letters are; what they don't make a name in stays as it is.
std::string asciiHost(const std::string& host);

}  // namespace livepusher::rtmp
