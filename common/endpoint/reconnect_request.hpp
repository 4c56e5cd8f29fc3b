// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace livepusher::rtmp {

/// A server asks for another connection in place of this one (Enhanced RTMP v2, NetConnection.Connect.ReconnectRequest).
struct ReconnectRequest {
    std::string tcUrl;  ///< absolute or relative to the present one; empty: the same again. Secret, as far as it has a query
    std::string words;  ///< its reason, for people; may be empty
};

}  // namespace livepusher::rtmp
