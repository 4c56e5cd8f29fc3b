// SPDX-License-Identifier: MIT
#include "playback/heard_line.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace livepusher::playback {
namespace {

using namespace std::chrono_literals;

constexpr int kRate = 48000;

/// A device that is asked every 10 ms and answers with some error; its clock is `ppm` slow.
class Device {
public:
    HeardLine line{kRate};
    Timestamp now{500s};
    double ppm = 0;
    int jitter = 3'000;  ///< µs
    Timestamp shift{};   ///< what all figures are wrong by

    std::int64_t truth(Timestamp at) const {
        return std::llround(static_cast<double>((at - 500s).count()) / (1 + ppm / 1e6) * kRate / 1e6);
    }
    void run(Timestamp length) {
        std::uniform_int_distribution<int> off(-jitter, jitter);
        for (const auto end = now + length; now < end; now += 10ms)
            line.add(truth(now), now + shift + Timestamp(jitter > 0 ? off(random_) : 0));
    }
    /// µs that the line is wrong by about what is heard now.
    double error() const { return static_cast<double>((line.heardAt(truth(now)) - now).count()); }

private:
    std::mt19937 random_{3};
};

TEST(HeardLine, KnowsNothingBeforeTheDeviceHasTold) {
    HeardLine line(kRate);
    EXPECT_FALSE(line);
    line.add(4800, 10s);
    ASSERT_TRUE(line);
    EXPECT_EQ(line.heardAt(4800), 10s);
    EXPECT_EQ(line.heardAt(9600), 10s + 100ms);
    EXPECT_EQ(line.sampleAt(10s + 100ms), 9600);
}

TEST(HeardLine, IsStraighterThanWhatItIsMadeOf) {
    Device device;
    device.run(3s);
    for (int n = 0; n < 500; ++n) {
        device.run(10ms);
        EXPECT_LE(std::abs(device.error()), 1'000) << n;
        const auto sample = device.truth(device.now);
        EXPECT_NEAR(static_cast<double>(device.line.sampleAt(device.line.heardAt(sample))), static_cast<double>(sample), 1);
    }
}

TEST(HeardLine, FollowsADeviceWhoseClockIsOff) {
    for (const double ppm : {-1000.0, -200.0, 200.0, 1000.0}) {
        Device device;
        device.ppm = ppm;
        device.jitter = 200;
        device.run(10s);
        EXPECT_NEAR(device.line.ppm(), ppm, 60);
        EXPECT_LE(std::abs(device.error()), 200) << ppm;
    }
}

TEST(HeardLine, AFigureThatIsFarOffCountsOnlyWhenItStays) {
    Device device;
    device.jitter = 0;
    device.run(3s);
    device.shift = 150ms;
    device.run(450ms);
    EXPECT_NEAR(device.error(), 0, 100) << "it may be a moment's";
    device.run(100ms);
    EXPECT_NEAR(device.error(), 150'000, 100);
    device.shift = 0ms;
    device.run(200ms);
    device.shift = 150ms;
    device.run(400ms);
    EXPECT_NEAR(device.error(), 150'000, 100) << "the two did not follow each other";
}

TEST(HeardLine, BeginsAnewWithAnotherDevice) {
    Device device;
    device.run(3s);
    device.line.restart();
    EXPECT_FALSE(device.line);
    EXPECT_EQ(device.line.ppm(), 0);
    device.line.add(0, device.now);
    EXPECT_EQ(device.line.heardAt(480), device.now + 10ms);
}

}  // namespace
}  // namespace livepusher::playback
