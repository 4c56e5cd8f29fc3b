// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace livepusher::base {

// What of a place people may see: a path as it is; of a URL no user, no password, no query.

/// And of a protocol that carries stream keys in its path no path: "rtmp://host/***". Text before the URL stays. [any-thread]
std::string publicName(std::string_view pathOrUrl);

/// And no path of any: "https://host:8443/…", for the rest may hold a secret. [any-thread]
std::string publicPlace(std::string_view pathOrUrl);

}  // namespace livepusher::base
