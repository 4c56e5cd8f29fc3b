// SPDX-License-Identifier: MIT
#pragma once

#if defined(__has_feature)  // clang's way to say it
#define LIVEPUSHER_TEST_HAS(feature) __has_feature(feature)
#else
#define LIVEPUSHER_TEST_HAS(feature) 0
#endif

namespace livepusher::testing {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || LIVEPUSHER_TEST_HAS(address_sanitizer) || \
    LIVEPUSHER_TEST_HAS(thread_sanitizer)
inline constexpr bool kSanitized = true;  ///< memory that was freed is kept for a while, and all takes several times as long
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace livepusher::testing
