// SPDX-License-Identifier: MIT
#include "capture/camera/start_tries.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;

class CameraStartTries : public ::testing::Test {
protected:
    static Error failure(int error) {
        return {error == EACCES ? Code::CameraDenied : Code::CameraFailed, "error " + std::to_string(error), error};
    }
    /// How long tries go on that fail at once by that error.
    std::chrono::milliseconds lasts(StartTries& tries, int error) {
        for (;;) {
            const auto next = tries.next(failure(error), now_);
            if (!next) return std::chrono::duration_cast<std::chrono::milliseconds>(now_ - begun_);
            if (*next - begun_ > 1h) return 1h;
            now_ = *next;
        }
    }

    const StartTries::Clock::time_point begun_{1h};
    StartTries::Clock::time_point now_ = begun_;
};

TEST_F(CameraStartTries, WhatMayPassIsTriedForTenSecondsAndNoLonger) {
    for (const int error : {EBUSY, ENOENT, ENODEV, ENOSPC, EIO, ETIMEDOUT}) {
        now_ = begun_;
        StartTries tries(10s, false);
        tries.begin(now_);
        const auto time = lasts(tries, error);
        EXPECT_GE(time, 8s) << error;
        EXPECT_LE(time, 10s) << error;
    }
}

TEST_F(CameraStartTries, RightsAndFormatsAreNotTriedAgain) {
    for (const int error : {EACCES, EINVAL})
        for (const bool forEver : {false, true}) {
            StartTries tries(10s, forEver);
            tries.begin(now_);
            EXPECT_FALSE(tries.next(failure(error), now_)) << error;
        }
}

TEST_F(CameraStartTries, ANodeThatHasJustComeMayBelongToRootForAMoment) {
    StartTries tries(10s, false);
    tries.begin(now_);
    ASSERT_TRUE(tries.next(failure(ENOENT), now_));
    const auto time = lasts(tries, EACCES);
    EXPECT_GE(time, 1s);
    EXPECT_LE(time, 3s);
}

TEST_F(CameraStartTries, WithoutPatienceOneTryIsAllAndItHasItsTime) {
    StartTries tries(0s, false);
    tries.begin(now_);
    EXPECT_EQ(tries.openingUntil(now_), now_ + 5s);
    EXPECT_EQ(tries.frameUntil(now_), now_ + 5s);
    EXPECT_FALSE(tries.next(failure(EBUSY), now_));
}

TEST_F(CameraStartTries, ASilentCameraIsStartedAnewAndASlowOneGetsMoreTime) {
    StartTries tries(10s, false);
    tries.begin(now_);
    EXPECT_EQ(tries.frameUntil(now_), now_ + 3s);
    now_ += 3s;
    ASSERT_TRUE(tries.next(failure(ETIMEDOUT), now_));
    EXPECT_EQ(tries.frameUntil(now_), now_ + 5s);
    now_ += 5s;
    ASSERT_TRUE(tries.next(failure(ETIMEDOUT), now_));
    EXPECT_EQ(tries.frameUntil(now_), begun_ + 10s);
}

TEST_F(CameraStartTries, ForEverHasNoEndAndEachReasonIsToldOnce) {
    StartTries tries(10s, true);
    tries.begin(now_);
    EXPECT_TRUE(tries.news(failure(EBUSY)));
    EXPECT_FALSE(tries.news(failure(EBUSY)));
    EXPECT_TRUE(tries.news(failure(ENODEV)));
    EXPECT_EQ(lasts(tries, ENODEV), 1h);
    EXPECT_TRUE(tries.next(failure(EACCES), now_)) << "the stream runs already";
}

}  // namespace
}  // namespace livepusher::capture
