// SPDX-License-Identifier: MIT
#include "properties/play_url.hpp"

#include <livepusher/player_properties.hpp>

#include <gtest/gtest.h>

#include <string>

namespace livepusher {
namespace {

using properties::parsePlayUrl;
using enum base::Url::Scheme;

std::string refusal(std::string_view text) {
    const auto url = parsePlayUrl(text);
    if (url) return "";
    EXPECT_EQ(url.error().code, Code::InvalidArgument);
    return url.error().message;
}

}  // namespace

TEST(PlayUrl, TakesEverythingThatIsPlayed) {
    const struct {
        const char* text;
        base::Url::Scheme scheme;
        const char* host;
        const char* key;
    } cases[] = {
        {"rtmp://host/live/stream", Rtmp, "host", "stream"},
        {"rtmp://host:1936/live/instance/stream?sign=a", Rtmp, "host", "stream?sign=a"},
        {"rtmp://host/stream", Rtmp, "host", ""},  // of servers that have one level only
        {"rtmps://user:word@[::1]/live/stream", Rtmps, "::1", "stream"},
        {"http://host/stream.flv", HttpFlv, "host", "stream.flv"},
        {"https://host:8443/live/Stream.FLV?a=b.m3u8", HttpFlv, "host", "Stream.FLV?a=b.m3u8"},
        {"recording.flv", FlvFile, "", ""},
        {"/a b/clip.FLV", FlvFile, "", ""},
        {"file:///a%20b/clip.flv", FlvFile, "", ""},
    };
    for (const auto& c : cases) {
        const auto url = parsePlayUrl(c.text);
        ASSERT_TRUE(url) << c.text << ": " << url.error().message;
        EXPECT_EQ(url->scheme(), c.scheme) << c.text;
        EXPECT_EQ(url->host(), c.host) << c.text;
        EXPECT_EQ(url->streamKey(), c.key) << c.text;
    }
    EXPECT_EQ(parsePlayUrl("file:///a%20b/clip.flv")->path(), "/a b/clip.flv");
}

TEST(PlayUrl, WhatCopyingLeavesAroundItIsTakenOff) {
    PlayerProperties p;
    ASSERT_TRUE(setProperty(p, "src", "\xef\xbb\xbf \"rtmp://host/live/stream\"\xc2\xa0\r\n"));
    EXPECT_EQ(p.playUrl, "rtmp://host/live/stream");
    EXPECT_TRUE(parsePlayUrl(" <http://host/a.flv> \n") || parsePlayUrl("'http://host/a.flv'\n"));
}

TEST(PlayUrl, WhatIsNotPlayedIsRefusedWithWhatToDo) {
    constexpr const char* kAllowed =
        "must begin with rtmp:// or rtmps://, be an http(s) URL whose path ends in .flv, or name a .flv file";
    constexpr const char* kNoHls =
        "is HLS, which is not played: ask where the same stream is to be had as rtmp:// or as http(s)://….flv";
    EXPECT_EQ(refusal("srt://host:9000?streamid=s3cret"),
              "playUrl \"srt://…\": a player takes no SRT: ask where the same stream is to be had as rtmp:// or as "
              "http(s)://….flv");
    EXPECT_EQ(refusal("https://host/live/s3cret/index.m3u8?token=s3cret"), std::string("playUrl \"https://…\": ") + kNoHls);
    EXPECT_EQ(refusal("s3cret.M3U8"), std::string("playUrl \"…\": ") + kNoHls);
    EXPECT_EQ(refusal("s3cret.mp4"), std::string("playUrl \"…\": ") + kAllowed + "; no other file is played");
    EXPECT_EQ(refusal("s3cret"), std::string("playUrl \"…\": ") + kAllowed + "; no other file is played");
    EXPECT_EQ(refusal("webrtc://host/live/s3cret"), std::string("playUrl \"webrtc://…\": ") + kAllowed);
    EXPECT_EQ(refusal("http://host/live/s3cret"),
              "playUrl \"http://…\": over HTTP an FLV stream is played, of a path that ends in .flv; after \"http://\" comes "
              "host/path/stream.flv");
    EXPECT_EQ(refusal(""), "playUrl is empty: give an rtmp, rtmps or http(s) URL, or a .flv file");
}

TEST(PlayUrl, AMistakeIsToldInThePlayersWords) {
    for (const char* text : {"rtmp://host", "rtmp://host/", "rtmp://host//live/s3cret", "rtmp://host?a=/s3cret/b"})
        EXPECT_EQ(refusal(text), "playUrl \"rtmp://…\": app and stream are missing; after \"rtmp://\" comes host/app/stream")
            << text;
    EXPECT_EQ(refusal("rtmp:///live/s3cret"), "playUrl \"rtmp://…\": the host is missing; it follows \"rtmp://\"");
    EXPECT_EQ(refusal("http://host:port/s3cret.flv"), "playUrl \"http://…\": the port must be a number, 1..65535");
    EXPECT_EQ(refusal("http://host/s3cret.flv#a"), "playUrl \"http://…\": holds a \"#\"; write it as %23");
    EXPECT_EQ(refusal("rtmp://host/live/s3 \"cret"), "");
    EXPECT_EQ(refusal("rtmp://host/" + std::string(5000, 's')), "playUrl is too long: at most 4096 characters");
    EXPECT_EQ(refusal(std::string("rtmp://host/live/s3cret\0", 24)), "playUrl holds a NUL character");
}

TEST(PlayUrl, NoRefusalRepeatsWhatMayBeAKey) {
    for (const char* text : {"srt://host:9000?streamid=s3cret", "ftp://host/s3cret", "s3cret", "s3cret.ts",
                             "rtmp://us:s3cret@/a/b", "rtmp://us%ers3cret@host/a/b", "http://host/a@s3cret/b.flv",
                             "http://host//s3cret.flv", "rtmp://host/\xe2\x80\x8bs3cret", "https://s3cret", "rtmp://[s3cret"}) {
        PlayerProperties p;
        const auto set = setProperty(p, "playUrl", text);
        ASSERT_FALSE(set) << text;
        EXPECT_TRUE(set.error().message.starts_with("playUrl")) << set.error().message;
        EXPECT_EQ(set.error().message.find("s3cret"), std::string::npos) << set.error().message;
        EXPECT_EQ(p, PlayerProperties{});
    }
}

}  // namespace livepusher
