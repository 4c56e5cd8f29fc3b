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
    EXPECT_EQ(publicName("http://user:pa\\ss@host\\word/a"), "http://host/a");
    EXPECT_EQ(publicName("camera:rtsp://user:pass@host/key"), "camera:rtsp://host/***");
}

TEST(PublicPlace, KeepsAPathAndOfAUrlOnlySchemeAndHost) {
    EXPECT_EQ(publicPlace("/a/b.png"), "/a/b.png");
    EXPECT_EQ(publicPlace("file:///a/b.png"), "file:///a/b.png");
    EXPECT_EQ(publicPlace("https://user:word@host:8443/path?key=1#2"), "https://host:8443/…");
    EXPECT_EQ(publicPlace("HTTP://host"), "http://host/…");
    EXPECT_EQ(publicPlace("http://host?key=a@b"), "http://host/…");
    EXPECT_EQ(publicPlace("http://user:pa\\ss@host\\word/a"), "http://host/…");
}

}  // namespace
}  // namespace livepusher::base
