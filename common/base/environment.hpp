// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <string>

namespace livepusher::base {

/// The value of an environment variable; empty where it has none.
inline std::string environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): the library never sets one
    return value ? value : "";
}

}  // namespace livepusher::base
