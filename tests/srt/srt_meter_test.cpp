// SPDX-License-Identifier: MIT
#include "srt/srt_meter.hpp"

#include <gtest/gtest.h>

namespace livepusher::srt {
namespace {

using namespace std::chrono_literals;

constexpr SrtMeter::Time kStart{1h};

class Meter : public SrtMeter {
public:
    explicit Meter(Duration latency = 120ms) : SrtMeter(latency) {}
    void send(std::uint64_t bytes, Time now) {
        handedOver(bytes, now);
        taken(bytes, now);
    }
};

TEST(SrtMeter, TellsWhatTheOtherSideHasAndSinceWhenTheRestWaits) {
    Meter meter;
    meter.send(1000, kStart);
    meter.send(500, kStart + 40ms);
    meter.note({.unacknowledged = 1500, .rtt = 100}, kStart + 50ms);
    auto now = meter.statistics(kStart + 50ms);
    EXPECT_EQ(now.bytesSent, 1500U);
    EXPECT_EQ(now.outstanding(), 1500U);
    EXPECT_EQ(now.acknowledged(), 0U);
    EXPECT_EQ(now.oldestUnacknowledged, 50ms);
    EXPECT_EQ(now.rtt, 0) << "nothing has been acknowledged: libsrt's first figure is made up";
    EXPECT_EQ(now.minRtt, 0);
    EXPECT_FALSE(now.use.has_value()) << "libsrt tells nothing of it";

    meter.note({.unacknowledged = 500, .rtt = 61.7, .measured = true}, kStart + 80ms);
    now = meter.statistics(kStart + 80ms);
    EXPECT_EQ(now.acknowledged(), 1000U);
    EXPECT_EQ(now.oldestUnacknowledged, 40ms);
    EXPECT_EQ(now.rtt, 61);
    EXPECT_EQ(now.minRtt, 61);
    meter.note({.unacknowledged = 0, .rtt = 80, .measured = true}, kStart + 200ms);
    now = meter.statistics(kStart + 200ms);
    EXPECT_EQ(now.oldestUnacknowledged, 0ms);
    EXPECT_EQ(now.rtt, 80);
    EXPECT_EQ(now.minRtt, 61);
}

TEST(SrtMeter, WhatWaitsForItsTurnIsQueued) {
    Meter meter;
    meter.handedOver(3000, kStart);
    meter.taken(1000, kStart);
    const auto now = meter.statistics(kStart + 30ms);
    EXPECT_EQ(now.bytesQueued, 2000U);
    EXPECT_EQ(now.outstanding(), 3000U);
}

/// A datagram every 10 ms, of which the first is lost; nothing behind a hole is acknowledged.
TEST(SrtMeter, AHoleThatIsBeingFilledIsNoFullLine) {
    Meter meter(400ms);
    for (int i = 0; i < 20; ++i) meter.send(1000, kStart + i * 10ms);
    meter.note({.unacknowledged = 20'000, .rtt = 60, .measured = true}, kStart + 200ms);
    const auto now = meter.statistics(kStart + 200ms);
    EXPECT_EQ(now.acknowledged(), 15'000U) << "what was sent a round trip ago";
    EXPECT_EQ(now.outstanding(), 5'000U);
    EXPECT_EQ(now.oldestUnacknowledged, 50ms);
}

TEST(SrtMeter, AHoleThatOutlivesTheLatencyIsWaitedFor) {
    Meter meter(200ms);
    for (int i = 0; i < 40; ++i) meter.send(1000, kStart + i * 10ms);
    const SrtFigures held{.unacknowledged = 40'000, .rtt = 60, .measured = true};
    const struct {
        std::chrono::milliseconds since;
        int oldest;
    } cases[] = {{160ms, 50}, {210ms, 60 + 150}, {260ms, 60 + 300}, {400ms, 60 + 720}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.since.count());
        meter.note(held, kStart + c.since);
        EXPECT_EQ(meter.statistics(kStart + c.since).oldestUnacknowledged.count(), c.oldest);
    }
    const auto stuck = meter.statistics(kStart + 400ms).acknowledged();
    auto more = held;
    meter.note(more, kStart + 500ms);
    EXPECT_EQ(meter.statistics(kStart + 500ms).acknowledged(), stuck) << "all of it is lost";
    more.carried = 2'000;
    meter.note(more, kStart + 600ms);
    EXPECT_EQ(meter.statistics(kStart + 600ms).acknowledged(), stuck + 2'000);
}

TEST(SrtMeter, AQueueOfTheLineShowsInTheRoundTrip) {
    Meter meter(1s);
    for (int i = 0; i < 100; ++i) {
        meter.send(1000, kStart + i * 10ms);
        const auto taken = static_cast<std::uint64_t>(i + 1) * 1000;
        const double rtt = i < 20 ? 60 : 60 + (i - 20) * 5;  // half of what is sent gets through
        meter.note({.unacknowledged = std::min<std::uint64_t>(taken, static_cast<std::uint64_t>(rtt * 100)),
                    .rtt = rtt,
                    .measured = i > 6},
                   kStart + i * 10ms);
    }
    const auto now = meter.statistics(kStart + 990ms);
    EXPECT_EQ(now.rtt, 455);
    EXPECT_EQ(now.minRtt, 60);
    EXPECT_NEAR(static_cast<double>(now.oldestUnacknowledged.count()), 455, 10);
    EXPECT_NEAR(static_cast<double>(now.outstanding()), 45'500, 1'000);
}

TEST(SrtMeter, WhatWasLeftOutWasNotSentAndWaitsNoMore) {
    Meter meter(10s);
    for (int i = 0; i < 4; ++i) meter.send(1000, kStart + i * 100ms);
    meter.note({.unacknowledged = 3000}, kStart + 1s);
    EXPECT_EQ(meter.statistics(kStart + 1s).acknowledged(), 1000U);
    meter.note({.unacknowledged = 1000, .leftOut = 2000}, kStart + 1s);
    const auto now = meter.statistics(kStart + 1s);
    EXPECT_EQ(now.acknowledged(), 1000U);
    EXPECT_EQ(now.bytesSent, 2000U);
    EXPECT_EQ(now.outstanding(), 1000U);
    EXPECT_EQ(now.oldestUnacknowledged, 700ms);
}

TEST(RecentLeast, ForgetsWhatIsLongAgo) {
    RecentLeast least;
    EXPECT_FALSE(least.value().has_value());
    least.note(50, kStart);
    least.note(70, kStart + 30s);
    EXPECT_EQ(least.value(), 50);
    least.note(80, kStart + 70s);
    EXPECT_EQ(least.value(), 50) << "of the stretch before";
    least.note(90, kStart + 131s);
    EXPECT_EQ(least.value(), 80);
    least.note(60, kStart + 10min);
    EXPECT_EQ(least.value(), 60) << "nothing was noted for long";
}

}  // namespace
}  // namespace livepusher::srt
