// SPDX-License-Identifier: MIT
#include "pipeline/steering.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace livepusher::testing {

namespace {

using namespace std::chrono_literals;
using pipeline::RateController;
using pipeline::Steering;

/// A line that takes what the encoder makes, in steps of a tick.
struct Line {
    std::string id;
    std::function<double(int)> capacity;                // kbps at a tick
    double waiting = 0, acknowledged = 0, encoded = 0;  // kbit

    RateController::Sample tick(int number, int bitrate) {
        constexpr double kSeconds = 0.1;
        const double can = capacity(number) * kSeconds;
        waiting += bitrate * kSeconds;
        encoded += bitrate * kSeconds;
        const double went = std::min(waiting, can);
        waiting -= went;
        acknowledged += went;
        const auto bytes = [](double kbit) { return static_cast<std::uint64_t>(kbit * 125); };
        return {.at = RateController::Time(number * 100ms),
                .acknowledged = bytes(acknowledged),
                .outstanding = bytes(waiting),
                .oldest = 20ms + std::chrono::milliseconds(std::lround(waiting / can * 100)),
                .minRtt = 20ms,
                .encoded = bytes(encoded)};
    }
};

/// The bitrate after so many ticks, where those lines steer.
int steered(Steering& steering, std::vector<Line>& lines, int from, int until) {
    for (int number = from; number < until; ++number) {
        Steering::Samples samples;
        for (auto& line : lines) samples.emplace_back(line.id, line.tick(number, steering.bitrate()));
        steering.tick(samples);
    }
    return steering.bitrate();
}

constexpr RateController::Limits kLimits{.min = 200, .max = 3000, .audio = 0};
const auto kWide = [](int) { return 10'000.0; };
const auto kNarrow = [](int) { return 800.0; };

}  // namespace

TEST(Steering, OneTargetIsItsOwnController) {
    Steering steering(kLimits);
    RateController alone(kLimits);
    steering.connected("main");
    alone.connected();
    Line line{"main", [](int tick) { return tick < 50 ? 4000.0 : 900.0; }}, same = line;
    for (int number = 0; number < 300; ++number) {
        const auto one = steering.tick({{"main", line.tick(number, steering.bitrate())}});
        const auto other = alone.tick(same.tick(number, alone.bitrate()));
        ASSERT_EQ(one.bitrate, other.bitrate) << number;
        ASSERT_EQ(one.skip, other.skip) << number;
    }
    EXPECT_LT(steering.bitrate(), 1000);
}

TEST(Steering, TheSlowestOfAllIsFollowed) {
    Steering steering(kLimits);
    std::vector<Line> lines{{"wide", kWide}, {"narrow", kNarrow}};
    for (const auto& line : lines) steering.connected(line.id);
    const int bitrate = steered(steering, lines, 0, 300);
    EXPECT_GT(bitrate, 400);
    EXPECT_LT(bitrate, 900);
}

TEST(Steering, RisesWhenTheSlowestIsGone) {
    Steering steering(kLimits);
    std::vector<Line> lines{{"wide", kWide}, {"narrow", kNarrow}};
    for (const auto& line : lines) steering.connected(line.id);
    const int held = steered(steering, lines, 0, 200);
    lines.pop_back();
    EXPECT_GT(steered(steering, lines, 200, 900), 2 * held);
}

TEST(Steering, KeepsToItsLimits) {
    Steering steering(kLimits);
    EXPECT_EQ(steering.bitrate(), 3000);
    steering.setLimits({.min = 200, .max = 1000, .audio = 0});
    EXPECT_EQ(steering.bitrate(), 1000);
    std::vector<Line> lines{{"a", kWide}, {"b", kWide}};
    EXPECT_LE(steered(steering, lines, 0, 100), 1000);
}

}  // namespace livepusher::testing
