// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>

#include "av/av.hpp"

namespace livepusher::capture {

/// Throws what libav's call could not do, with its reason.
inline void must(int result, const char* what) {
    if (result < 0) throw std::runtime_error(std::string(what) + ": " + avText(result));
}

}  // namespace livepusher::capture
