// SPDX-License-Identifier: MIT
#include "srt/pacer.hpp"

#include <gtest/gtest.h>

namespace livepusher::srt {
namespace {

using namespace std::chrono_literals;

constexpr Pacer::Time kBegin{1h};

/// When the last of so many bytes may go, a datagram after the other.
Pacer::Time last(Pacer& pacer, std::size_t bytes, Pacer::Time now) {
    for (; bytes >= 1000; bytes -= 1000) {
        now = std::max(now, pacer.due());
        pacer.sent(1000, now);
    }
    return now;
}

TEST(Pacer, SpreadsWhatIsLargeOverAThirdOfItsTime) {
    Pacer pacer;
    pacer.setRate(2'000);  // 250 bytes a millisecond, and three times that
    EXPECT_EQ(last(pacer, 16'000, kBegin), kBegin) << "an ordinary picture goes at once";
    const auto spread = last(pacer, 100'000, kBegin + 1s) - (kBegin + 1s);
    EXPECT_GT(spread, 105ms);
    EXPECT_LT(spread, 120ms);
    EXPECT_EQ(last(pacer, 16'000, kBegin + 2s), kBegin + 2s) << "it has rested";
}

TEST(Pacer, SpreadsNothingOfARateThatIsNotKnown) {
    Pacer pacer;
    EXPECT_EQ(last(pacer, 1'000'000, kBegin), kBegin);
    pacer.setRate(0);
    EXPECT_EQ(last(pacer, 1'000'000, kBegin), kBegin);
}

}  // namespace
}  // namespace livepusher::srt
