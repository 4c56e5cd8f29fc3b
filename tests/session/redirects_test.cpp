// SPDX-License-Identifier: MIT
#include "session/redirects.hpp"

#include <gtest/gtest.h>

namespace livepusher::session {

using namespace std::chrono_literals;

TEST(Redirects, ThreeInARowAreFollowedAndMoreOnceAServerHasKeptTheStream) {
    Redirects redirects;
    const auto url = *base::Url::parse("rtmp://h/live/key");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(redirects.follow(url, "//next/live", 1s)->host(), "next");
    const auto fourth = redirects.follow(url, "//next/live", 29s);
    ASSERT_FALSE(fourth);
    EXPECT_EQ(fourth.error().message, "the server asks to reconnect for the fourth time within a short while");
    EXPECT_TRUE(redirects.follow(url, "", 30s)) << "back and forth in peace";
}

TEST(Redirects, OneThatCannotBeFollowedDoesNotCount) {
    Redirects redirects;
    const auto url = *base::Url::parse("rtmps://h/live/key");
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(redirects.follow(url, "rtmp://h/live", 1s));
    EXPECT_TRUE(redirects.follow(url, "/other", 1s));
}

}  // namespace livepusher::session
