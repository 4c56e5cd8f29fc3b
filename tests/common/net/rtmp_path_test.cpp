// SPDX-License-Identifier: MIT
#include "net/rtmp_path.hpp"

#include <gtest/gtest.h>

#include "net/url.hpp"

namespace livepusher::base {
namespace {

// What ffmpeg 5.1 sends as app and stream name, but for the last two.
TEST(RtmpPath, IsCutWhereFfmpegCutsIt) {
    const struct {
        const char *path, *app, *key, *shown;
    } cases[] = {
        {"live/key", "live", "key", "live/***"},
        {"live2?backup=1/KEY", "live2?backup=1", "KEY", "live2/***"},
        {"app/inst/key", "app/inst", "key", "app/inst/***"},
        {"app/inst?t=1/stream", "app/inst?t=1", "stream", "app/***"},
        {"a/b/c/d", "a/b", "c/d", "a/b/***"},
        {"live-bvc/?streamname=live_1&key=k&schedule=rtmp", "live-bvc", "?streamname=live_1&key=k&schedule=rtmp", "live-bvc/***"},
        {"mystream", "mystream", "", "***"},
        {"mystream?user=u&pass=p", "mystream?user=u&pass=p", "", "***"},
        {"live/", "live", "", "***"},
        {"app/inst/", "app/inst", "", "***"},
        {"live/key?sign=a%2Fb", "live", "key?sign=a%2Fb", "live/***"},
        {"app/mp4:folder/film", "app", "mp4:folder/film", "app/***"},
        {"live/a:b/c/d", "live", "a:b/c/d", "live/***"},
        {"live/key?t=12:30/x", "live", "key?t=12:30/x", "live/***"},
        {"live/k#x", "live", "k#x", "live/***"},
        {"live/key?sign=a/b", "live/key?sign=a", "b", "live/***"},
        {"live//key", "live/", "key", "live/***"},
        {"live/my key", "live", "my key", "live/***"},
        {"live/key?next=/a/b@c:1", "live", "key?next=/a/b@c:1", "live/***"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.path);
        const auto cut = RtmpPath::cut(c.path);
        EXPECT_EQ(cut.app, c.app);
        EXPECT_EQ(cut.key, c.key);
        const auto url = Url::parse(std::string("rtmp://h/") + c.path);
        ASSERT_TRUE(url) << url.error().message;
        EXPECT_EQ(url->app(), c.app);
        EXPECT_EQ(url->tcUrl(), std::string("rtmp://h/") + c.app);
        EXPECT_EQ(url->streamKey(), c.key);
        EXPECT_EQ(url->redacted(), std::string("rtmp://h:1935/") + c.shown);
    }
}

}  // namespace
}  // namespace livepusher::base
