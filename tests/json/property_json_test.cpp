// SPDX-License-Identifier: MIT
#include "parsed.hpp"

namespace livepusher {
namespace {

using testing::parsed;

std::string textOf(const std::string& json) {
    const auto texts = propertyTexts(json);
    return texts ? texts->front().second : "refused: " + texts.error().message;
}

std::string why(const std::string& json) {
    const auto texts = propertyTexts(json);
    return texts ? "" : texts.error().message;
}

}  // namespace

TEST(PropertyJson, AValueMustHaveThePropertysType) {
    EXPECT_EQ(textOf(R"({"fps":30})"), "30");
    EXPECT_EQ(textOf(R"({"skinWhiteness":0.5})"), "0.5");
    EXPECT_EQ(textOf(R"({"muted":true})"), "true");
    EXPECT_EQ(textOf(R"({"filter":"pink"})"), "pink");
    EXPECT_EQ(textOf(R"({"pictureInPictureMode":["push","pop"]})"), "push,pop");
    EXPECT_EQ(why(R"({"fps":"30"})"), "fps \"30\": must be of type int (1..60)");
    for (const char* wrong : {R"({"muted":1})", R"({"filter":3})", R"({"url":{}})", R"({"pictureInPictureMode":[1]})",
                              R"({"fps":[]})", R"({"waitingImage":5})", R"({"skinWhiteness":"0.5"})"})
        EXPECT_NE(why(wrong).find("must be of type"), std::string::npos) << wrong;
}

TEST(PropertyJson, UrlAndStreamKeyAreCopiedTexts) {
    Properties properties;
    const auto texts = propertyTexts(R"({"url":"\ufeff rtmp://h/live\u00a0\n","stream-key":"\"a b/c?d\"\r\n"})");
    ASSERT_TRUE(texts);
    ASSERT_TRUE(setProperties(properties, *texts));
    EXPECT_EQ(properties.url, "rtmp://h/live");
    EXPECT_EQ(properties.streamKey, "a b/c?d");
    EXPECT_EQ(why(R"({"streamKey":["s3cr3t"]})").find("s3cr3t"), std::string::npos);
}

TEST(PropertyJson, NullIsTheDefault) {
    EXPECT_EQ(textOf(R"({"videoWidth":null})"), "");
    EXPECT_EQ(textOf(R"({"fps":null})"), "15");
    EXPECT_EQ(textOf(R"({"pictureInPictureMode":null})"), "");
}

TEST(PropertyJson, NamesComeInEverySpellingAndUnknownOnesAreRefused) {
    EXPECT_EQ(*propertyTexts(R"({"min-bitrate":300,"videoWidth":640,"pushUrl":"a.flv"})"),
              (PropertyTexts{{"minBitrate", "300"}, {"videoWidth", "640"}, {"url", "a.flv"}}));
    EXPECT_NE(why(R"({"beuaty":1})").find("did you mean beauty?"), std::string::npos);
}

TEST(PropertyJson, WhatIsNoObjectIsRefusedAndSecretsAreNotRepeated) {
    for (const char* wrong :
         {"{", "[]", "17", "null", "\"x\"", "{\"fps\":}", "{\"fps\":30}}", "{\"url\":\"\xff\"}", "{\"fps\":1e999}"})
        EXPECT_NE(why(wrong), "") << wrong;
    EXPECT_EQ(why("{\"fps\":30 x}"), "properties: not valid JSON (at byte 11)");
    EXPECT_EQ(propertyTexts("  \n")->size(), 0U);
    const std::string key = "secret-key";
    for (const auto& holding :
         {"{\"url\":[\"rtmp://h/a/" + key + "\"]}", "{\"fps\":\"rtmp://h/a/" + key + "\"}",
          "{\"url\":\"rtmp://h/a/" + key + "\",,}", "[\"rtmp://h/a/" + key + "\"]", "{\"userSig\":[\"" + key + "\"]}"}) {
        EXPECT_NE(why(holding), "");
        EXPECT_EQ(why(holding).find(key), std::string::npos) << why(holding);
    }
}

TEST(PropertyJson, NestingWithoutEndIsRefused) {
    EXPECT_EQ(why(R"({"url":)" + std::string(1000000, '[')), "properties: nested too deep");
}

TEST(PropertyJson, AllAreSetOrNone) {
    Properties properties;
    EXPECT_FALSE(setProperties(properties, {{"fps", "20"}, {"beauty", "99"}}));
    EXPECT_EQ(properties, Properties{});
    EXPECT_TRUE(setProperties(properties, {{"fps", "20"}, {"beauty", "9"}}));
    EXPECT_EQ(properties.fps, 20);
}

TEST(PropertyJson, EveryPropertyComesBackFromItsOwnJson) {
    Properties properties;
    properties.url = "rtmp://host/live/key?a=\"b\"";
    properties.videoWidth = 640;
    properties.orientation = Orientation::horizontal;
    properties.filter = Filter::aestheticism;
    properties.customEffect = true;
    properties.eyeBigness = 0.1;
    properties.pictureInPictureMode = {PictureInPictureEvent::pop, PictureInPictureEvent::push};
    const auto json = parsed(toJson(properties));
    EXPECT_EQ(json.size(), allProperties().size());
    EXPECT_EQ(json["fps"], 15);
    EXPECT_EQ(json["muted"], false);
    EXPECT_EQ(json["eyeBigness"], 0.1);
    EXPECT_TRUE(json["videoHeight"].is_null());
    EXPECT_TRUE(json["pictureInPictureMode"].is_array());
    Properties again;
    const auto texts = propertyTexts(toJson(properties));
    ASSERT_TRUE(texts) << texts.error().message;
    ASSERT_TRUE(setProperties(again, *texts));
    EXPECT_EQ(again, properties);
}

TEST(PropertyJson, WhatTheyMeanIsToldWhole) {
    Properties properties;
    properties.videoWidth = 320;
    const auto json = parsed(toJson(resolve(properties)));
    EXPECT_EQ(json["width"], 320);
    EXPECT_EQ(json["mode"], "RTC");
    EXPECT_EQ(json["autopush"], false);
    EXPECT_EQ(json["audioCodec"], "aac");
    EXPECT_EQ(json.size(), 19U);
    EXPECT_TRUE(json["notes"].is_array());
}

TEST(PropertyJson, TheTableHasARowForEachProperty) {
    const auto table = parsed(propertyTableJson());
    ASSERT_EQ(table.size(), allProperties().size());
    EXPECT_EQ(table[0]["name"], "url");
    EXPECT_EQ(table[0]["aliases"][0], "pushUrl");
    for (const auto& row : table) EXPECT_FALSE(row["description"].get<std::string>().empty()) << row["name"];
}

}  // namespace livepusher
