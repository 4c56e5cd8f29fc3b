// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "net/network_options.hpp"

namespace livepusher::capture {

/// A small file, wherever it lies.
struct FetchRequest {
    std::string place;  ///< a path or a file://, http:// or https:// URL
    base::NetworkOptions network{};
    std::size_t maxBytes = std::size_t{16} << 20U;  ///< larger is refused
    std::chrono::milliseconds connectWithin{5000};
    std::chrono::milliseconds within{15000};  ///< the whole of it, redirects included
};

/// All of its bytes. `cancelled` ends the wait for a server within 200 ms, with Cancelled. Other errors: SourceFailed,
/// with a text that doesn't repeat the place. [any-thread]
Result<std::vector<std::uint8_t>> fetch(const FetchRequest& request, const std::atomic<bool>& cancelled);

}  // namespace livepusher::capture
