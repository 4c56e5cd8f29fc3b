// SPDX-License-Identifier: MIT
#pragma once

#include "net/fetch.hpp"

namespace livepusher::capture {

/// fetch() for http and https. An https URL may only be redirected to https. [any-thread]
Result<std::vector<std::uint8_t>> httpGet(const FetchRequest& request, const std::atomic<bool>& cancelled);

/// The refusal of a file with too many bytes.
Error tooLarge(std::size_t maxBytes);

}  // namespace livepusher::capture
