// SPDX-License-Identifier: MIT
#include "decode/hardware_trial.hpp"

#include <gtest/gtest.h>

namespace livepusher::decode::test {
namespace {

Packet packet(Packet::Kind kind) { return Packet::coded(Packet::Track::Video, kind, {}, {}, {1}); }
const auto kKey = packet(Packet::Kind::Key), kDelta = packet(Packet::Kind::Delta);

TEST(HardwareTrial, TenPacketsWithoutAPictureFail) {
    HardwareTrial trial;
    trial.begin(true);
    trial.sent(kKey, 1);
    for (int n = 2; n <= 10; ++n) {
        EXPECT_FALSE(trial.failed()) << n;
        trial.sent(kDelta, n);
    }
    EXPECT_TRUE(trial.failed());
    EXPECT_EQ(trial.takePackets().size(), 10U);
}

TEST(HardwareTrial, ThreeErrorsFailAndAreNotToldBeforeAPicture) {
    HardwareTrial trial;
    trial.begin(true);
    for (int n = 1; n <= 3; ++n) {
        EXPECT_FALSE(trial.failed());
        trial.sent(n == 1 ? kKey : kDelta, n);
        if (n == 1) trial.sent(kDelta, 11);
        EXPECT_TRUE(trial.error("bad"));
    }
    EXPECT_TRUE(trial.failed());
    EXPECT_NE(trial.why().find("bad"), std::string::npos);
}

TEST(HardwareTrial, AnErrorOfTheFirstKeyFrameIsEnough) {
    HardwareTrial trial;
    trial.begin(true);
    trial.sent(kKey, 1);
    EXPECT_TRUE(trial.error("bad"));
    EXPECT_TRUE(trial.failed());
}

TEST(HardwareTrial, ErrorsBeforeTheFirstPictureAreToldWithIt) {
    HardwareTrial trial;
    trial.begin(true);
    trial.sent(kKey, 1);
    trial.sent(kDelta, 2);
    EXPECT_TRUE(trial.error("bad"));
    EXPECT_EQ(trial.picture(2), "bad");
    EXPECT_FALSE(trial.waits());
    for (int n = 0; n < 20; ++n) EXPECT_FALSE(trial.error("the stream's"));
    EXPECT_FALSE(trial.failed());
}

TEST(HardwareTrial, EachKeyFrameHasToGiveAPictureOfItsOwn) {
    HardwareTrial trial;
    trial.begin(true);
    trial.sent(kKey, 1);
    EXPECT_EQ(trial.picture(1), "");
    for (int n = 2; n < 50; ++n) trial.sent(kDelta, n);
    EXPECT_FALSE(trial.waits()) << "nothing is kept";
    trial.sent(kKey, 50);
    EXPECT_EQ(trial.picture(49), "") << "an earlier one, out late";
    for (int n = 51; n < 60; ++n) trial.sent(kDelta, n);
    EXPECT_TRUE(trial.failed());
    trial.restart();
    EXPECT_FALSE(trial.failed());
}

TEST(HardwareTrial, SoftwareIsNotWatched) {
    HardwareTrial trial;
    trial.begin(false);
    for (int n = 0; n < 20; ++n) {
        trial.sent(kKey, n);
        EXPECT_FALSE(trial.error("bad"));
    }
    EXPECT_FALSE(trial.failed());
    EXPECT_FALSE(trial.waits());
}

}  // namespace
}  // namespace livepusher::decode::test
