// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace livepusher::effects::dsp {

/// While one lives, this thread's floats that have become too small are zero: tails that die away would else end in
/// denormal numbers, which cost a hundred times as much.
class NoDenormals {
public:
#if defined(__SSE2__)
    NoDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | kFlushToZero); }
    ~NoDenormals() { _mm_setcsr(before_); }
#elif defined(__aarch64__)
    NoDenormals() {
        asm volatile("mrs %0, fpcr" : "=r"(before_));
        asm volatile("msr fpcr, %0" : : "r"(before_ | kFlushToZero));
    }
    ~NoDenormals() { asm volatile("msr fpcr, %0" : : "r"(before_)); }
#else
    NoDenormals() = default;
    ~NoDenormals() {}
#endif
    NoDenormals(const NoDenormals&) = delete;
    NoDenormals& operator=(const NoDenormals&) = delete;

private:
#if defined(__SSE2__)
    static constexpr std::uint32_t kFlushToZero = 0x8040;  // results and operands
    std::uint32_t before_;
#elif defined(__aarch64__)
    static constexpr std::uint64_t kFlushToZero = std::uint64_t{1} << 24;
    std::uint64_t before_ = 0;
#endif
};

}  // namespace livepusher::effects::dsp
