// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace livepusher::base {

/// A path as it is; of a URL what may be shown: no user, no password, no query, and of a protocol that
/// carries stream keys in its path no path. [any-thread]
std::string publicName(std::string_view pathOrUrl);

}  // namespace livepusher::base
