// SPDX-License-Identifier: MIT
#include "allocations.hpp"

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LIVEPUSHER_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define LIVEPUSHER_SANITIZED 1
#endif
#endif

#ifndef LIVEPUSHER_SANITIZED

namespace {
thread_local long count = 0;
}

// The C library's own, by the names that it keeps for those who put theirs in their place.
extern "C" {
void* __libc_malloc(std::size_t size);                      // NOLINT(bugprone-reserved-identifier)
void* __libc_calloc(std::size_t number, std::size_t size);  // NOLINT(bugprone-reserved-identifier)
void* __libc_realloc(void* memory, std::size_t size);       // NOLINT(bugprone-reserved-identifier)
void* __libc_memalign(std::size_t to, std::size_t size);    // NOLINT(bugprone-reserved-identifier)

__attribute__((visibility("default"))) void* malloc(std::size_t size) {
    ++count;
    return __libc_malloc(size);
}
__attribute__((visibility("default"))) void* calloc(std::size_t number, std::size_t size) {
    ++count;
    return __libc_calloc(number, size);
}
__attribute__((visibility("default"))) void* realloc(void* memory, std::size_t size) {
    ++count;
    return __libc_realloc(memory, size);
}
__attribute__((visibility("default"))) void* aligned_alloc(std::size_t to, std::size_t size) {
    ++count;
    return __libc_memalign(to, size);
}
}

namespace livepusher::effects::test {
std::optional<long> allocations() { return count; }
}  // namespace livepusher::effects::test

#else

namespace livepusher::effects::test {
std::optional<long> allocations() { return std::nullopt; }
}  // namespace livepusher::effects::test

#endif
