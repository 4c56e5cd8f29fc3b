// SPDX-License-Identifier: MIT
#include "session/forwarding.hpp"

#include <gtest/gtest.h>

namespace livepusher::session {

TEST(Forwarding, TakesAnApplicationAndAWholeUrl) {
    const auto here = *base::Url::parse("rtmp://a/live/k3y?token=abc");
    const struct {
        const char *to, *tcUrl, *key;
    } cases[] = {
        {"rtmp://b:1936/live", "rtmp://b:1936/live", "k3y?token=abc"},
        {"rtmp://b/other?vhost=x", "rtmp://b/other?vhost=x", "k3y?token=abc"},
        {"rtmp://b/other/inst", "rtmp://b/other/inst", "k3y?token=abc"},
        {"rtmp://b/other/k3y", "rtmp://b/other", "k3y?token=abc"},
        {"rtmp://b/live/k3y?edge=7", "rtmp://b/live", "k3y?edge=7"},
        {"rtmp://b/live/new-name", "rtmp://b/live", "new-name"},
        {"rtmps://b/live", "rtmps://b/live", "k3y?token=abc"},
        {"rtmp://[::1]:1936/live/k3y", "rtmp://[::1]:1936/live", "k3y?token=abc"},
        {"//b/live", "rtmp://b/live", "k3y?token=abc"},
        {"/other", "rtmp://a/other", "k3y?token=abc"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.to);
        const auto to = forwarded(here, c.to, kMaxHops - 1);
        ASSERT_TRUE(to) << to.error().message;
        EXPECT_EQ(to->tcUrl(), c.tcUrl);
        EXPECT_EQ(to->streamKey(), c.key);
    }
}

TEST(Forwarding, KeepsTheKeyFromTheOpenAndFromStrangers) {
    const auto here = *base::Url::parse("rtmps://a/live/k3y?token=abc");
    for (const char* to : {"rtmp://b/live", "rtmp://b/live/k3y", "rtmp://b/live/new", "http://b/live/k3y.flv", "https://b/live",
                           "file:///etc/passwd", "rtmps://", "rtmps://b", "rtmps://u:p@b/live/k3y", "rtmps://b:99999/live/k3y",
                           "rtmps://b/li ve", "javascript:1"}) {
        const auto refused = forwarded(here, to, 0);
        ASSERT_FALSE(refused) << to << " " << refused->redacted();
        EXPECT_TRUE(refused.error().permanent);
        EXPECT_EQ(refused.error().message.find("k3y"), std::string::npos) << refused.error().message;
    }
    EXPECT_NE(forwarded(here, "rtmp://b/live", 0).error().message.find("from rtmps to rtmp"), std::string::npos);
    EXPECT_NE(forwarded(here, "rtmp://b/live/k3y", 0).error().message.find("from rtmps to rtmp"), std::string::npos);
}

TEST(Forwarding, EndsAfterFiveHops) {
    const auto here = *base::Url::parse("rtmp://a/live/k3y");
    EXPECT_TRUE(forwarded(here, "rtmp://b/live", 4));
    EXPECT_FALSE(forwarded(here, "rtmp://b/live", 5));
}

}  // namespace livepusher::session
