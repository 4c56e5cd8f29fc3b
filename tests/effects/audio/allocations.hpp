// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

namespace livepusher::effects::test {

/// How often this thread has allocated memory by malloc() or new; nothing under a sanitizer, whose own malloc() stays.
std::optional<long> allocations();

}  // namespace livepusher::effects::test
