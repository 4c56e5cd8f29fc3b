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

TEST(Pacer, NeverGoesSlowerThanAStillPictureNeedsThatMovesAgain) {
    Pacer pacer;
    pacer.setRate(200);
    const auto spread = last(pacer, 100'000, kBegin) - kBegin;
    EXPECT_GT(spread, 105ms);
    EXPECT_LT(spread, 120ms);
}

/// The bitrate is raised in steps, without a Config.
TEST(Pacer, FollowsAStreamThatGetsFaster) {
    Pacer pacer;
    pacer.setRate(1'000);
    auto now = kBegin;
    for (double kbps = 1'000; kbps < 20'000; kbps *= 1.12) {
        const auto begun = now;
        for (int picture = 0; picture < 30; ++picture) {
            const auto gone = last(pacer, static_cast<std::size_t>(kbps / 8 * 1000 / 30), now);
            EXPECT_LT(gone - now, 33ms) << kbps;
            now = begun + (picture + 1) * 33ms;
        }
    }
}

}  // namespace
}  // namespace livepusher::srt
