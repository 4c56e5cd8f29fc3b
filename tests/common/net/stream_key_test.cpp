// SPDX-License-Identifier: MIT
#include "net/stream_key.hpp"

#include <gtest/gtest.h>

#include <livepusher/properties.hpp>

#include "net/url.hpp"

namespace livepusher::base {
namespace {

TEST(StreamKey, GoesOutAsItIsBesideAServer) {
    const struct {
        const char *url, *key, *app, *tcUrl, *shown;
    } cases[] = {
        {"rtmp://h/live", "key", "live", "rtmp://h/live", "rtmp://h:1935/live/***"},
        {"rtmp://h/live/", "key", "live", "rtmp://h/live", "rtmp://h:1935/live/***"},
        {"rtmps://h:444/app/inst", "a/b?c=d/e f", "app/inst", "rtmps://h:444/app/inst", "rtmps://h:444/app/***"},
        {"rtmp://h/live2?backup=1", "abcd-efgh", "live2?backup=1", "rtmp://h/live2?backup=1", "rtmp://h:1935/live2/***"},
        {"rtmp://h/live-bvc/", "?streamname=live_1&key=k&schedule=rtmp", "live-bvc", "rtmp://h/live-bvc",
         "rtmp://h:1935/live-bvc/***"},
        {"rtmp://h/a/b/c?t=1/2", "%20k+%2F", "a/b/c?t=1/2", "rtmp://h/a/b/c?t=1/2", "rtmp://h:1935/a/***"},
        {"rtmp://h/live/older-key", "key", "live/older-key", "rtmp://h/live/older-key", "rtmp://h:1935/live/***"},
        {"rtmp://h/key", "key", "key", "rtmp://h/key", "rtmp://h:1935/***/***"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.key);
        const auto url = Url::parse(c.url, c.key);
        ASSERT_TRUE(url) << url.error().message;
        EXPECT_EQ(url->app(), c.app);
        EXPECT_EQ(url->tcUrl(), c.tcUrl);
        EXPECT_EQ(url->streamKey(), c.key);
        EXPECT_EQ(url->redacted(), c.shown);
        const auto elsewhere = url->redirected("//other/app");
        EXPECT_EQ(elsewhere->streamKey(), c.key);
        EXPECT_EQ(elsewhere->app(), "app");
    }
    EXPECT_EQ(Url::parse("rtmp://h/live/key", "")->streamKey(), "key");
    EXPECT_EQ(Url::parse("out.flv", "")->path(), "out.flv");
}

TEST(StreamKey, IsRefusedByWhatIsWrongWithIt) {
    const char* cases[][3] = {
        {"rtmp://h/live", "  \n", "holds nothing but blanks"},
        {"rtmp://h/live", "s3cr3t\ns3cr3t", "a line end"},
        {"rtmp://h/live", "s3cr3t\xE2\x80\x8Bs3cr3t", "a zero-width space or joiner (U+200B)"},
        {"rtmp://h/live", "s3cr3t\xC2\xA0s3cr3t", "a no-break space (U+00A0)"},
        {"rtmp://h/live", "\"s3cr3t", "a quote at one end"},
        {"rtmp://h/live", "rtmp://h/live/s3cr3t", "is a whole URL"},
        {"rtmp://h", "s3cr3t", "app and stream key are missing"},
        {"rtmp://h/", "s3cr3t", "the app is missing"},
        {"http://h/live/key.flv", "s3cr3t", "an http or https url holds its whole path"},
        {"out.flv", "s3cr3t", "the url is a file"},
    };
    for (const auto& [text, key, message] : cases) {
        SCOPED_TRACE(key);
        const auto url = Url::parse(text, key);
        ASSERT_FALSE(url);
        EXPECT_EQ(url.error().code, Code::InvalidArgument);
        EXPECT_NE(url.error().message.find(message), std::string::npos) << url.error().message;
        EXPECT_EQ(url.error().message.find("s3cr3t"), std::string::npos) << url.error().message;
        EXPECT_EQ(url.error().message.find("%20"), std::string::npos) << url.error().message;
        Properties p;
        p.url = text;
        p.streamKey = key;
        const auto valid = validate(p);
        ASSERT_FALSE(valid);
        EXPECT_EQ(valid.error().message, url.error().message);
    }
    EXPECT_TRUE(parseStreamKey(std::string(4096, 'k')));
    EXPECT_FALSE(parseStreamKey(std::string(4097, 'k')));
}

TEST(StreamKey, AndUrlAreCopiedTextsInEveryWayIn) {
    Properties p;
    ASSERT_TRUE(setProperty(p, "stream-key", "\xEF\xBB\xBF \"a b/c?d\"\r\n"));
    EXPECT_EQ(p.streamKey, "a b/c?d");
    ASSERT_TRUE(setProperty(p, "url", "\xE2\x80\x9Crtmp://h/live\xE2\x80\x9D\xC2\xA0"));
    EXPECT_EQ(p.url, "rtmp://h/live");
    EXPECT_TRUE(validate(p));
    ASSERT_TRUE(setProperty(p, "streamKey", ""));
    EXPECT_EQ(p.streamKey, "");

    p.url = "\xE2\x80\x8B rtmp://h/live/key\n";  // a struct takes what it is given
    ASSERT_TRUE(validate(p));
    EXPECT_EQ(Url::parse(p.url, p.streamKey)->streamKey(), "key");

    for (const char* wrong : {"rtmp://h/li\xC2\xA0ve/key", "rtmp://h/live/k\ney", "\"rtmp://h/live/key", "'out.flv'"}) {
        const auto set = setProperty(p, "url", wrong);
        ASSERT_FALSE(set) << wrong;
        EXPECT_NE(set.error().message.find("holds a"), std::string::npos) << set.error().message;
    }
    for (const char* name : {" out.flv", "\xC2\xA0out.flv", "\"out.flv"}) EXPECT_EQ(Url::parse(name)->path(), name);
}

}  // namespace
}  // namespace livepusher::base
