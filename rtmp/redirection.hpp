// SPDX-License-Identifier: MIT
#pragma once

#include "flv/amf.hpp"

#include <string>

namespace livepusher::rtmp {

/// Where a refusal sends its client: `ex` of its information object, with code 302 and a URL in `redirect` (FMS, SRS,
/// nginx-rtmp). Empty: nowhere. Secret: it may hold a key or a token.
std::string redirectionIn(const AmfValue& info);

}  // namespace livepusher::rtmp
