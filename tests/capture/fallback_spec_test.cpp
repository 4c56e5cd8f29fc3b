// SPDX-License-Identifier: MIT
#include "capture/fallback/fallback_spec.hpp"

#include <gtest/gtest.h>

#include "capture/sources.hpp"

namespace livepusher::capture {
namespace {

TEST(FallbackSpec, ABarePlaceGetsTheWordOfItsEnding) {
    for (const auto& [text, expected] : {std::pair{"pause.png", "image:pause.png"},
                                         {"a b/Pause.JPEG", "image:a b/Pause.JPEG"},
                                         {"https://h/p.webp?t=1", "image:https://h/p.webp?t=1"},
                                         {"clip.mp4", "file:clip.mp4"},
                                         {"list.m3u", "file:list.m3u"},
                                         {"rtmp://h/app/key", "file:rtmp://h/app/key"},
                                         {"rtsp://h/1", "camera:rtsp://h/1"},
                                         {"camera", "camera"},
                                         {"camera:/dev/video2", "camera:/dev/video2"},
                                         {"test", "test"},
                                         {"file:x.png", "file:x.png"}})
        EXPECT_EQ(withKind(text), expected) << text;
}

TEST(FallbackSpec, AClipBringsItsSoundAndAPictureNone) {
    EXPECT_EQ(parseFallback({.fallback = "clip.mp4"})->sources.audio, "file:clip.mp4");
    EXPECT_EQ(parseFallback({.fallback = "pause.png"})->sources.audio, "none");
    EXPECT_EQ(parseFallback({.fallback = "pause.png", .fallbackAudio = "music.ogg"})->sources.audio, "file:music.ogg");
    EXPECT_EQ(parseFallback({.fallback = "clip.mp4", .fallbackAudio = "none"})->sources.audio, "none");
    EXPECT_TRUE(parseFallback({.fallback = "clip.mp4"})->sources.loop);
    const auto kept = parseFallback({.fallback = "clip.mp4", .fallbackAudio = "keep"});
    EXPECT_TRUE(kept->keepSound);
    EXPECT_EQ(kept->sources.audio, "none");
}

TEST(FallbackSpec, WhatCantStandInIsRefused) {
    for (const auto* text : {"app", "coded", "coded:x.mp4", "none", "mic", "file:-", "raw:x"}) {
        const auto refused = makeSources({.video = "test", .audio = "test", .fallback = text});
        ASSERT_FALSE(refused) << text;
        EXPECT_EQ(refused.error().code, Code::InvalidArgument);
        EXPECT_NE(refused.error().message.find("fallback"), std::string::npos) << refused.error().message;
    }
    EXPECT_FALSE(makeSources({.video = "test", .audio = "test", .fallback = "a.png", .fallbackAudio = "app"}));
    EXPECT_FALSE(makeSources({.video = "test", .audio = "test", .fallbackAudio = "test"})) << "of no fallback";
    EXPECT_FALSE(makeSources({.video = "coded:x.mp4", .audio = "none", .fallback = "a.png"})) << "nothing is encoded";
}

TEST(FallbackSpec, NoSecretIsRepeated) {
    const auto refused = makeSources({.video = "test", .audio = "test", .fallback = "raw:rtmp://h/app/secret"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message.find("secret"), std::string::npos) << refused.error().message;
}

TEST(Playlist, ClipsFollowAFileAlone) {
    const auto allowed = [](Sources sources) { return makeSources(sources).has_value(); };
    EXPECT_TRUE(allowed({.video = "file:a", .audio = "file:a", .playlist = {"file:b", "file:http://h/c"}}));
    EXPECT_FALSE(allowed({.video = "file:a", .audio = "file:b", .playlist = {"file:c"}}));
    EXPECT_FALSE(allowed({.video = "test", .audio = "test", .playlist = {"file:c"}}));
    EXPECT_FALSE(allowed({.video = "file:a", .audio = "file:a", .playlist = {"test"}}));
    EXPECT_FALSE(allowed({.video = "file:a", .audio = "file:a", .playlist = {"file:-"}}));
    EXPECT_FALSE(allowed({.video = "file:-", .audio = "file:-", .playlist = {"file:b"}}));
}

}  // namespace
}  // namespace livepusher::capture
