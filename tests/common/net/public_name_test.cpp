// SPDX-License-Identifier: MIT
#include "net/public_name.hpp"

#include <gtest/gtest.h>

namespace livepusher::base {
namespace {

TEST(PublicName, HasNothingOfAUrlThatMayBeSecret) {
    EXPECT_EQ(publicName("http://user:pass@host:80/a/b.mp4?token=s#f"), "http://host:80/a/b.mp4");
    EXPECT_EQ(publicName("rtmp://user:pass@host/app/secretkey?x=1"), "rtmp://host/***");
    EXPECT_EQ(publicName("srt://host:1?streamid=secret"), "srt://host:1");
    EXPECT_EQ(publicName("/a/b?c.mp4"), "/a/b?c.mp4");
    EXPECT_EQ(publicName("file:///a/b?c.mp4"), "file:///a/b?c.mp4");
}

}  // namespace
}  // namespace livepusher::base
