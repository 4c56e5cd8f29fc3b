// SPDX-License-Identifier: MIT
#include "parsed.hpp"

namespace livepusher {

TEST(ContextJson, TakesPropertiesSourcesAndARecording) {
    const auto options = contextOptions(
        R"({"properties":{"url":"a.flv","fps":20},"sources":{"video":"test","loop":true},"recordPath":"copy.flv","window":{"title":"Me","width":320}})");
    ASSERT_TRUE(options) << options.error().message;
    EXPECT_EQ(options->properties.url, "a.flv");
    EXPECT_EQ(options->properties.fps, 20);
    EXPECT_EQ(options->sources.video, "test");
    EXPECT_EQ(options->sources.audio, "mic");
    EXPECT_TRUE(options->sources.loop);
    EXPECT_EQ(options->recordPath, "copy.flv");
    EXPECT_TRUE(options->window.enabled);
    EXPECT_EQ(options->window.title, "Me");
    EXPECT_EQ(options->window.width, 320);
}

TEST(ContextJson, TakesAPlaylistAndAFallback) {
    const auto options = contextOptions(R"({"properties":{"fallbackOn":"lost,black","fallbackAfter":0.5},"sources":
        {"video":"file:a","audio":"file:a","playlist":["file:b","file:c"],"fallback":"pause.png","fallbackAudio":"keep"}})");
    ASSERT_TRUE(options) << options.error().message;
    EXPECT_EQ(options->sources.playlist, (std::vector<std::string>{"file:b", "file:c"}));
    EXPECT_EQ(options->sources.fallback, "pause.png");
    EXPECT_EQ(options->sources.fallbackAudio, "keep");
    EXPECT_EQ(options->properties.fallbackOn, (std::vector{FallbackOn::lost, FallbackOn::black}));
    EXPECT_EQ(options->properties.fallbackAfter, 0.5);
}

TEST(ContextJson, OneSourceStandsForPictureAndSound) {
    const auto options = contextOptions(R"({"source":"file:clip.mp4"})");
    ASSERT_TRUE(options);
    EXPECT_EQ(options->sources.video, "file:clip.mp4");
    EXPECT_EQ(options->sources.audio, "file:clip.mp4");
}

TEST(ContextJson, NothingGivenIsTheDefaults) {
    EXPECT_EQ(contextOptions("")->properties, Properties{});
    EXPECT_EQ(contextOptions("{}")->sources.video, "camera");
}

TEST(ContextJson, WhatItDoesNotKnowIsRefusedByName) {
    const auto why = [](const char* json) {
        const auto options = contextOptions(json);
        return options ? "" : options.error().message;
    };
    EXPECT_NE(why(R"({"sauce":"test"})").find("unknown option \"sauce\""), std::string::npos);
    EXPECT_NE(why(R"({"sources":{"camera":"test"}})").find("it takes video, audio, loop"), std::string::npos);
    EXPECT_NE(why(R"({"properties":{"fps":90}})").find("fps \"90\": must be 1..60"), std::string::npos);
    for (const char* wrong :
         {"[", "[]", R"({"sources":[]})", R"({"sources":{"loop":1}})", R"({"sources":{"playlist":"file:a"}})",
          R"({"sources":{"playlist":[1]}})", R"({"sources":{"fallback":true}})", R"({"source":""})",
          R"({"source":"test","sources":{}})", R"({"window":1})", R"({"window":{"width":"320"}})", R"({"window":{"width":1e99}})",
          R"({"window":{"width":9999999999}})", R"({"properties":[]})", R"({"properties":null})", R"({"recordPath":7})"})
        EXPECT_NE(why(wrong), "") << wrong;
}

}  // namespace livepusher
