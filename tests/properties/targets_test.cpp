// SPDX-License-Identifier: MIT
#include "properties/targets.hpp"

#include <livepusher/json.hpp>

#include <gtest/gtest.h>

namespace livepusher::testing {

using properties::formatTargets;
using properties::parseTargets;

namespace {

std::string refusal(const std::string& text) {
    Properties p;
    p.url = "rtmp://host/app/key";
    if (const auto set = setProperty(p, "targets", text); !set) return set.error().message;
    const auto valid = validate(p);
    return valid ? "" : valid.error().message;
}

}  // namespace

TEST(TargetsText, GoesThereAndBack) {
    const std::string text =
        "second=rtmp://host/app/key\nsecond=rtmps://other/app/key=with=signs\nsecond.streamKey=a b\n"
        "second.reconnect=5x2\nsecond.preferFirst=true\nsecond.backup=hot\nfile=/tmp/a b.flv";
    const auto targets = parseTargets(text);
    ASSERT_TRUE(targets) << targets.error().message;
    ASSERT_EQ(targets->size(), 2U);
    const auto& second = targets->front();
    EXPECT_EQ(second.urls, (std::vector<std::string>{"rtmp://host/app/key", "rtmps://other/app/key=with=signs"}));
    EXPECT_EQ(second.streamKey, "a b");
    EXPECT_EQ(second.reconnect, "5x2");
    EXPECT_TRUE(second.preferFirst);
    EXPECT_EQ(second.backup, Backup::hot);
    EXPECT_EQ(targets->back().urls.front(), "/tmp/a b.flv");
    EXPECT_EQ(formatTargets(*targets), text);
}

TEST(TargetsText, CopiedUrlsAreTakenForWhatTheyMean) {
    const auto targets = parseTargets("  a = \"rtmp://host/app/key\" \r\n\n");
    EXPECT_FALSE(targets);  // "a " is no id
    const auto copied = parseTargets("a=\"rtmp://host/app/key\" \r\n\n");
    ASSERT_TRUE(copied);
    EXPECT_EQ(copied->front().urls.front(), "rtmp://host/app/key");
}

TEST(TargetsText, WhatIsWrongIsNamedAndNoKeyIsRepeated) {
    const std::pair<const char*, const char*> rows[]{
        {"rtmp://host/app/secret", "id"},
        {"a b=rtmp://host/app/secret", "id"},
        {"a=ftp://host/secret", "rtmp"},
        {"a.nothing=secret", "streamKey, reconnect"},
        {"a.reconnect=secretly", "COUNTxSECONDS"},
        {"a.preferFirst=secret", "true or false"},
        {"a.backup=secret", "cold or hot"},
        {"a.reconnect=off", "no url"},
        {"main.streamKey=secret", "streamKey"},
        {"record=x.flv", "recording"},
        {"a=x.flv\nb=x.flv", "x.flv"},
        {"a=rtmp://host/app/secret\na.backup=hot", "second url"},
    };
    for (const auto& [text, words] : rows) {
        const auto why = refusal(text);
        EXPECT_NE(why.find(words), std::string::npos) << text << ": " << why;
        if (std::string_view(text).find("://") != std::string_view::npos) {
            EXPECT_EQ(why.find("secret"), std::string::npos) << why;
        }
    }
    EXPECT_EQ(refusal("a=rtmp://host/app/secret\nmain=rtmp://host/app/secret"), "");
}

TEST(TargetsText, APictureOfItsOwnGoesThereAndBack) {
    const std::string text =
        "a=x.flv\na.videoWidth=854\na.videoHeight=480\na.fps=15\na.maxBitrate=1200\nb=y.flv\nb.videoHeight=360";
    const auto targets = parseTargets(text);
    ASSERT_TRUE(targets) << targets.error().message;
    EXPECT_EQ(targets->front().videoWidth, 854);
    EXPECT_EQ(targets->front().videoHeight, 480);
    EXPECT_EQ(targets->front().fps, 15);
    EXPECT_EQ(targets->front().maxBitrate, 1200);
    EXPECT_EQ(targets->back().videoWidth, std::nullopt);
    EXPECT_EQ(formatTargets(*targets), text);
}

TEST(TargetsText, APictureThatCannotBeHadIsRefused) {
    const auto why = [](const std::string& text) {
        Properties p;
        p.url = "rtmp://host/app/key";
        p.videoWidth = 1280;
        p.videoHeight = 720;
        p.fps = 25;
        if (const auto set = setProperty(p, "targets", text); !set) return set.error().message;
        const auto valid = validate(p);
        return valid ? std::string() : valid.error().message;
    };
    const std::string a = "a=rtmp://host/app/secret\na.";
    EXPECT_EQ(why(a + "videoWidth=855"), "targets: a.videoWidth \"855\": must be 64..4096, even");
    EXPECT_EQ(why(a + "videoHeight=5000"), "targets: a.videoHeight \"5000\": must be 64..4096, even");
    EXPECT_EQ(why(a + "fps=61"), "targets: a.fps \"61\": must be 1..60");
    EXPECT_EQ(why(a + "fps=fast"), "targets: a.fps \"fast\": must be 1..60");
    EXPECT_EQ(why(a + "maxBitrate=49"), "targets: a.maxBitrate \"49\": must be 50..50000");
    EXPECT_EQ(why(a + "fps=30"), "targets: a.fps 30: must be at most 25, the push's own");
    EXPECT_EQ(why(a + "videoWidth=1920"),
              "targets: a: 1920x1080: must be at most 1280x720, the push's own size: nothing is scaled up");
    EXPECT_EQ(why("main.fps=10"),
              "targets: main has the push's own picture: set the properties videoWidth, videoHeight, fps and maxBitrate");
    EXPECT_EQ(why(a + "videoWidth=1280\na.videoHeight=720\na.fps=25\na.maxBitrate=50000"), "");
    EXPECT_EQ(why(a + "videoHeight=480"), "");
    EXPECT_NE(why("a=x.flv\na.size=9").find("videoWidth, videoHeight, fps, maxBitrate"), std::string::npos);
}

TEST(TargetsText, CodecsArePermittedWhereAllTargetsTakeThem) {
    Properties p;
    p.url = "out.flv";
    p.videoCodec = VideoCodec::hevc;
    ASSERT_TRUE(validate(p));
    p.targets = {{.id = "second", .urls = {"rtmp://host/app/key"}}};
    p.enhancedRtmp = EnhancedRtmp::off;
    EXPECT_FALSE(validate(p));
    p.enhancedRtmp = EnhancedRtmp::automatic;
    EXPECT_TRUE(validate(p));
}

TEST(TargetsText, ATargetMayHaveItsOwnSound) {
    Properties p;
    p.url = "rtmp://host/app/key";
    ASSERT_TRUE(setProperty(p, "targets", "second=x.mkv\nsecond.audioCodec=opus\nthird=y.flv"));
    EXPECT_EQ(p.targets[0].audioCodec, AudioCodec::opus);
    EXPECT_FALSE(p.targets[1].audioCodec);
    EXPECT_EQ(*formatProperty(p, "targets"), "second=x.mkv\nsecond.audioCodec=opus\nthird=y.flv");
    Properties again;
    ASSERT_TRUE(setProperties(again, *propertyTexts(toJson(p))));
    EXPECT_EQ(again.targets, p.targets);
    EXPECT_TRUE(validate(p));
    using properties::soundCodecs, properties::soundRendition;
    EXPECT_EQ(soundCodecs(p, false), (std::vector{AudioCodec::aac, AudioCodec::opus}));
    p.targets[1].audioCodec = AudioCodec::opus;
    p.targets.push_back({.id = "main", .audioCodec = AudioCodec::opus});
    EXPECT_EQ(soundCodecs(p, false), std::vector{AudioCodec::opus});
    EXPECT_EQ(soundCodecs(p, true), (std::vector{AudioCodec::aac, AudioCodec::opus}));
    EXPECT_EQ(soundRendition(p, AudioCodec::aac), 0);
    EXPECT_NE(soundRendition(p, AudioCodec::opus), 0);
    p.enhancedRtmp = EnhancedRtmp::off;
    EXPECT_EQ(validate(p).error().message,
              "targets: main.audioCodec opus: an rtmp or rtmps url takes it only by Enhanced RTMP, and enhancedRtmp is off: set "
              "auto, require or assume, or audioCodec=aac");
    EXPECT_EQ(refusal("a=rtmp://host/app/secret\na.audioCodec=mp3"), "targets: a.audioCodec \"mp3\": must be aac or opus");
}

TEST(TargetsJson, IsAnArrayOfObjects) {
    const auto texts = propertyTexts(
        R"({"targets":[{"id":"a","url":"rtmp://host/app/key"},{"id":"b","urls":["x.flv","y.flv"],"preferFirst":true,"backup":"hot"}]})");
    ASSERT_TRUE(texts) << texts.error().message;
    Properties p;
    ASSERT_TRUE(setProperties(p, *texts));
    ASSERT_EQ(p.targets.size(), 2U);
    EXPECT_EQ(p.targets[1].urls.size(), 2U);
    Properties again;
    ASSERT_TRUE(setProperties(again, *propertyTexts(toJson(p))));
    EXPECT_EQ(again.targets, p.targets);
}

TEST(TargetsJson, APictureOfItsOwnIsNumbersOrNull) {
    const auto texts =
        propertyTexts(R"({"targets":[{"id":"a","url":"x.flv","videoWidth":854,"videoHeight":480,"fps":15,"maxBitrate":null}]})");
    ASSERT_TRUE(texts) << texts.error().message;
    Properties p;
    ASSERT_TRUE(setProperties(p, *texts));
    EXPECT_EQ(p.targets[0].videoWidth, 854);
    EXPECT_EQ(p.targets[0].fps, 15);
    EXPECT_EQ(p.targets[0].maxBitrate, std::nullopt);
    Properties again;
    ASSERT_TRUE(setProperties(again, *propertyTexts(toJson(p))));
    EXPECT_EQ(again.targets, p.targets);
}

TEST(TargetsJson, WhatIsWrongIsNamed) {
    const std::pair<const char*, const char*> rows[]{
        {R"({"targets":[{"url":"rtmp://host/app/secret"}]})", "id is missing"},
        {R"({"targets":[{"id":"a","url":7}]})", "url"},
        {R"({"targets":[{"id":"a","url":"x.flv","urls":["y.flv"]}]})", "leave out"},
        {R"({"targets":[{"id":"a","color":"red"}]})", "color"},
        {R"({"targets":["rtmp://host/app/secret"]})", "object"},
        {R"({"targets":[{"id":"a","url":"x.flv","backup":"warm"}]})", "cold or hot"},
        {R"({"targets":[{"id":"a","url":"x.flv","videoWidth":"wide"}]})", "videoWidth"},
        {R"({"targets":[{"id":"a","url":"x.flv","fps":12.5}]})", "fps"},
    };
    for (const auto& [text, words] : rows) {
        const auto texts = propertyTexts(text);
        ASSERT_FALSE(texts) << text;
        EXPECT_NE(texts.error().message.find(words), std::string::npos) << texts.error().message;
        EXPECT_EQ(texts.error().message.find("secret"), std::string::npos);
    }
}

}  // namespace livepusher::testing
