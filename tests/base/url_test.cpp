// SPDX-License-Identifier: MIT
#include "base/url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace livepusher::base {
namespace {

struct Good {
    const char* text;
    Url::Scheme scheme;
    const char* host;
    int port;
    const char* app;
    const char* key;
    const char* tcUrl;
    const char* redacted;
};

TEST(Url, TakesAnRtmpUrlApart) {
    using enum Url::Scheme;
    const Good cases[] = {
        {"rtmp://host/live/key", Rtmp, "host", 1935, "live", "key", "rtmp://host/live", "rtmp://host:1935/live/***"},
        {"RTMP://Host:80/live/key", Rtmp, "Host", 80, "live", "key", "rtmp://Host:80/live", "rtmp://Host:80/live/***"},
        {"rtmps://h.example/app/inst/key", Rtmps, "h.example", 443, "app/inst", "key", "rtmps://h.example/app/inst",
         "rtmps://h.example:443/app/inst/***"},
        {"rtmp://[::1]/live/key", Rtmp, "::1", 1935, "live", "key", "rtmp://[::1]/live", "rtmp://[::1]:1935/live/***"},
        {"rtmps://[2001:db8::2]:444/a/k", Rtmps, "2001:db8::2", 444, "a", "k", "rtmps://[2001:db8::2]:444/a",
         "rtmps://[2001:db8::2]:444/a/***"},
        {"rtmp://h/live/key?txSecret=a%2Fb&txTime=5", Rtmp, "h", 1935, "live", "key?txSecret=a%2Fb&txTime=5", "rtmp://h/live",
         "rtmp://h:1935/live/***"},
        {"rtmp://h/live/key?next=/a/b@c:1", Rtmp, "h", 1935, "live", "key?next=/a/b@c:1", "rtmp://h/live",
         "rtmp://h:1935/live/***"},
        {"rtmp://h/live/k%20y#x", Rtmp, "h", 1935, "live", "k%20y#x", "rtmp://h/live", "rtmp://h:1935/live/***"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        const auto url = Url::parse(c.text);
        ASSERT_TRUE(url) << url.error().message;
        EXPECT_EQ(url->scheme(), c.scheme);
        EXPECT_EQ(url->host(), c.host);
        EXPECT_EQ(url->port(), c.port);
        EXPECT_EQ(url->app(), c.app);
        EXPECT_EQ(url->streamKey(), c.key);
        EXPECT_EQ(url->tcUrl(), c.tcUrl);
        EXPECT_EQ(url->redacted(), c.redacted);
    }
}

TEST(Url, TakesThePathOfAnFlvFile) {
    const char* cases[][2] = {
        {"/a b/c.flv", "/a b/c.flv"}, {"rel.FLV", "rel.FLV"}, {"file:///x/y.flv", "/x/y.flv"}, {"./a?b.flv", "./a?b.flv"}};
    for (const auto& [text, path] : cases) {
        const auto url = Url::parse(text);
        ASSERT_TRUE(url) << text << ": " << url.error().message;
        EXPECT_EQ(url->scheme(), Url::Scheme::FlvFile);
        EXPECT_EQ(url->path(), path);
        EXPECT_EQ(url->redacted(), path);
    }
}

TEST(Url, SaysWhatIsWrongWithoutRepeatingTheKey) {
    const char* cases[][2] = {
        {"", "is empty"},
        {"http://h/live/s3cr3t", "url \"http://…\": must begin with rtmp:// or rtmps://, or name a .flv file"},
        {"srt://h:1/s3cr3t", "url \"srt://…\": must begin with rtmp:// or rtmps://"},
        {"http://h/live/s3cr3t.flv", "not available in this build"},
        {"https://h/live/s3cr3t.flv?s3cr3t", "not available in this build"},
        {"s3cr3t", "must begin with rtmp:// or rtmps://, or name a .flv file"},
        {"s3cr3t.mp4", ".flv"},
        {"file:///s3cr3t.mp4", ".flv"},
        {".flv", ".flv"},
        {"rtmp:///live/s3cr3t", "the host is missing"},
        {"rtmp://h", "app and stream key are missing"},
        {"rtmp://h?s3cr3t", "app and stream key are missing"},
        {"rtmp://h?a/s3cr3t", "app and stream key are missing"},
        {"rtmp://h/s3cr3t", "the app or the stream key is missing"},
        {"rtmp://h//s3cr3t", "the app is missing"},
        {"rtmp://h/live/", "the stream key is missing"},
        {"rtmp://h/live/?s3cr3t", "the stream key is missing"},
        {"rtmp://h/live/s3 cr3t", "space or a control character"},
        {"rtmp://h/live/s3cr3t\n", "space or a control character"},
        {"rtmp://h:0/live/s3cr3t", "1..65535"},
        {"rtmp://h:65536/live/s3cr3t", "1..65535"},
        {"rtmp://h:/live/s3cr3t", "1..65535"},
        {"rtmp://h:s3cr3t/live/s3cr3t", "1..65535"},
        {"rtmp://::1/live/s3cr3t", "brackets"},
        {"rtmp://[::1/live/s3cr3t", "\"]\""},
        {"rtmp://[::1]x/live/s3cr3t", "\"]\""},
        {"rtmp://[s3cr3t]/live/s3cr3t", "not an IPv6 address"},
        {"rtmp://h\\s3cr3t/live/s3cr3t", "no host name has"},
        {"rtmp://user:s3cr3t@h/live/s3cr3t", "user and password are not available"},
    };
    for (const auto& [text, message] : cases) {
        SCOPED_TRACE(text);
        const auto url = Url::parse(text);
        ASSERT_FALSE(url);
        EXPECT_EQ(url.error().code, Code::InvalidArgument);
        EXPECT_NE(url.error().message.find(message), std::string::npos) << url.error().message;
        EXPECT_EQ(url.error().message.find("s3cr3t"), std::string::npos) << url.error().message;
    }
}

TEST(Url, RefusesWhatNoUrlHolds) {
    EXPECT_FALSE(Url::parse(std::string("rtmp://h/live/k\0y", 17)));
    EXPECT_FALSE(Url::parse("rtmp://h/live/" + std::string(5000, 'k')));
}

}  // namespace
}  // namespace livepusher::base
