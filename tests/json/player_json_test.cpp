// SPDX-License-Identifier: MIT
#include "parsed.hpp"

#include <livepusher/player_json.hpp>

#include <future>

namespace livepusher {
namespace {

using testing::keys;
using testing::parsed;
using Words = std::vector<std::string>;

std::string playerText(const std::string& json) {
    const auto texts = playerPropertyTexts(json);
    return texts ? texts->front().second : "refused: " + texts.error().message;
}

class PlayerMethodJson : public ::testing::Test {
protected:
    /// What the method answers; "refused: ..." when it is not called at all.
    std::string ask(std::string_view method, std::string_view options = "") {
        std::promise<std::string> answer;
        const auto called = callPlayerMethod(player, method, options, [&](const MethodResult&, const std::string& json) {
            answer.set_value(parsed(json)["errMsg"]);
        });
        return called ? answer.get_future().get() : "refused: " + called.error().message;
    }

    LivePlayerContext player{*playerOptions("")};
};

}  // namespace

TEST(PlayerEventJson, HasTheDocumentsKeysAndTheTimeLast) {
    EXPECT_EQ(keys(toJson(PlayerNetStatusEvent{})), (Words{"event", "info", "time"}));
    EXPECT_EQ(keys(toJson(FullScreenChangeEvent{})), (Words{"event", "fullScreen", "direction", "time"}));
    const auto turned = parsed(toJson(FullScreenChangeEvent{true, -90}));
    EXPECT_EQ(turned["event"], "fullscreenchange");
    EXPECT_EQ(turned["fullScreen"], true);
    EXPECT_EQ(turned["direction"], -90);
}

TEST(PlayerEventJson, NetStatusHasTheContractsFiguresInTheirOrder) {
    PlayerNetStatus status;
    status.videoFPS = 29.97002;
    status.speed = 1.0249999;
    status.bytesReceived = 5'000'000'000;
    status.serverIp = "192.0.2.1";
    const auto line = toJson(status);
    EXPECT_EQ(keys(line), (Words{"videoBitrate",        "audioBitrate",    "videoFPS",      "videoGOP",       "netSpeed",
                                 "netJitter",           "netQualityLevel", "videoWidth",    "videoHeight",    "videoCache",
                                 "audioCache",          "vDecCacheSize",   "vSumCacheSize", "avPlayInterval", "avRecvInterval",
                                 "audioCacheThreshold", "delay",           "targetDelay",   "speed",          "stalls",
                                 "stalledMs",           "skips",           "skippedMs",     "videoDrop",      "missing",
                                 "reconnects",          "serverIp",        "decoder",       "decodeLoad",     "cpuUsage",
                                 "bytesReceived",       "glassDelay"}));
    const auto info = parsed(line);
    EXPECT_EQ(info["videoFPS"], 29.97);
    EXPECT_EQ(info["speed"], 1.025);
    EXPECT_EQ(info["bytesReceived"], 5'000'000'000);
    EXPECT_EQ(info["serverIp"], "192.0.2.1");
    EXPECT_TRUE(info["glassDelay"].is_null()) << "not told";
    EXPECT_EQ(parsed(toJson(PlayerNetStatusEvent{status}))["info"], info);
    status.glassDelay = 180;
    EXPECT_EQ(parsed(toJson(status))["glassDelay"], 180);
}

TEST(PlayerEventJson, AMessageIsItsTextOrItsBytes) {
    const auto ours = toJson(PlayerMessageEvent{true, {'h', 0xC3, 0xA9, '!', 0xFF}});
    EXPECT_EQ(keys(ours), (Words{"event", "message", "time"}));
    EXPECT_EQ(parsed(ours)["message"], "hé!\xef\xbf\xbd");
    const auto theirs = toJson(PlayerMessageEvent{false, {0x00, 0x0F, 0xA0, 0xFF}});
    EXPECT_EQ(keys(theirs), (Words{"event", "data", "time"}));
    EXPECT_EQ(parsed(theirs)["data"], "000fa0ff");
    EXPECT_EQ(parsed(toJson(PlayerMessageEvent{}))["data"], "");
}

TEST(PlayerEventJson, HandlersHandEveryEventOnUnderItsName) {
    Words names;
    Words events;
    int codes = 0;
    const auto handlers = jsonPlayerHandlers([&](std::string_view event, int code, const std::string& json) {
        codes += code;
        names.emplace_back(event);
        events.push_back(parsed(json)["event"]);
    });
    handlers.onStateChange({2004, "m"});
    handlers.onNetStatus({});
    handlers.onError({"m", 2301});
    handlers.onFullScreenChange({});
    handlers.onAudioVolumeNotify(1);
    handlers.onAttached();
    handlers.onEnterPictureInPicture();
    handlers.onLeavePictureInPicture();
    handlers.onWindowClosed();
    handlers.onMessage({});
    EXPECT_EQ(names, (Words{"statechange", "netstatus", "error", "fullscreenchange", "audiovolumenotify", "attached",
                            "enterpictureinpicture", "leavepictureinpicture", "windowclosed", "message"}));
    EXPECT_EQ(events, names);
    EXPECT_EQ(codes, 2004 + 2301);
    EXPECT_FALSE(handlers.onVideoFrame);
    EXPECT_FALSE(handlers.onAudioBlock);
}

TEST(PlayerPropertyJson, AValueMustHaveThePropertysTypeAndNullIsTheDefault) {
    EXPECT_EQ(playerText(R"({"minCache":0.5})"), "0.5");
    EXPECT_EQ(playerText(R"({"minCache":null})"), "");
    EXPECT_EQ(playerText(R"({"stutterThreshold":800})"), "800");
    EXPECT_EQ(playerText(R"({"stutterThreshold":null})"), "500");
    EXPECT_EQ(playerText(R"({"muted":true})"), "true");
    EXPECT_EQ(playerText(R"({"enhancedRtmp":false})"), "false");
    EXPECT_EQ(playerText(R"({"mode":"RTC"})"), "RTC");
    EXPECT_EQ(playerText(R"({"picture-in-picture-mode":["push","pop"]})"), "push,pop");
    EXPECT_EQ(playerText(R"({"mode":1})"), "refused: mode 1: must be of type enum (live, RTC)");
    EXPECT_EQ(playerText(R"({"fps":30})"), "refused: unknown property \"fps\"");
    EXPECT_EQ(*playerPropertyTexts(R"({"src":"a.flv","max-cache":2})"), (PropertyTexts{{"playUrl", "a.flv"}, {"maxCache", "2"}}));
    const auto secret = playerText(R"({"playUrl":["rtmp://host/live/s3cret"]})");
    EXPECT_TRUE(secret.starts_with("refused: playUrl array: must be of type string")) << secret;
    EXPECT_EQ(secret.find("s3cret"), std::string::npos);
}

TEST(PlayerPropertyJson, AllAreSetOrNone) {
    PlayerProperties properties;
    EXPECT_FALSE(setProperties(properties, {{"minCache", "0.5"}, {"volume", "2"}}));
    EXPECT_EQ(properties, PlayerProperties{});
    EXPECT_TRUE(setProperties(properties, {{"minCache", "0.5"}, {"volume", "0.5"}}));
    EXPECT_EQ(properties.minCache, 0.5);
}

TEST(PlayerPropertyJson, EveryPropertyComesBackFromItsOwnJson) {
    PlayerProperties properties;
    properties.playUrl = "rtmp://host/live/stream?a=\"b\"";
    properties.mode = PlayMode::RTC;
    properties.maxCache = 1.25;
    properties.orientation = Orientation::horizontal;
    properties.muted = true;
    properties.pictureInPictureMode = {PictureInPictureEvent::pop, PictureInPictureEvent::push};
    properties.maxSpeed = 1.1;
    const auto json = parsed(toJson(properties));
    EXPECT_EQ(json.size(), allPlayerProperties().size());
    EXPECT_TRUE(json["minCache"].is_null());
    EXPECT_EQ(json["maxCache"], 1.25);
    EXPECT_EQ(json["videoDecoder"], "auto");
    EXPECT_TRUE(json["pictureInPictureMode"].is_array());
    PlayerProperties again;
    const auto texts = playerPropertyTexts(toJson(properties));
    ASSERT_TRUE(texts) << texts.error().message;
    ASSERT_TRUE(setProperties(again, *texts));
    EXPECT_EQ(again, properties);
}

TEST(PlayerPropertyJson, WhatTheyMeanAndTheTableAreToldWhole) {
    PlayerProperties properties;
    properties.mode = PlayMode::RTC;
    EXPECT_EQ(toJson(resolve(properties)), R"({"minCache":0.2,"maxCache":0.8})");
    const auto table = parsed(playerPropertyTableJson());
    ASSERT_EQ(table.size(), allPlayerProperties().size());
    EXPECT_EQ(table[0]["name"], "playUrl");
    EXPECT_EQ(table[0]["aliases"], (Words{"src", "url"}));
    EXPECT_EQ(table[0]["secret"], true);
    for (const auto& row : table) EXPECT_FALSE(row["description"].get<std::string>().empty()) << row["name"];
}

TEST(PlayerOptionsJson, TakesPropertiesAWindowAndARecording) {
    const auto options = playerOptions(
        R"({"properties":{"playUrl":"a.flv","mode":"RTC"},"recordPath":"copy.flv","window":{"width":320,"height":180}})");
    ASSERT_TRUE(options) << options.error().message;
    EXPECT_EQ(options->properties.playUrl, "a.flv");
    EXPECT_EQ(options->properties.mode, PlayMode::RTC);
    EXPECT_EQ(options->recordPath, "copy.flv");
    EXPECT_TRUE(options->window.enabled);
    EXPECT_EQ(options->window.title, "Player");
    EXPECT_EQ(options->window.width, 320);
    EXPECT_EQ(playerOptions("{}")->properties, PlayerProperties{});
    EXPECT_FALSE(playerOptions("")->window.enabled);
    EXPECT_FALSE(playerOptions(R"({"window":{"enabled":false}})")->window.enabled);
}

TEST(PlayerOptionsJson, WhatItDoesNotKnowIsRefusedByName) {
    const auto why = [](const char* json) {
        const auto options = playerOptions(json);
        return options ? "" : options.error().message;
    };
    EXPECT_EQ(why(R"({"source":"test"})"), "unknown option \"source\": it takes properties, recordPath, window");
    EXPECT_EQ(why(R"({"properties":{"volume":9}})"), "volume \"9\": must be 0..1");
    for (const char* wrong : {"[", "[]", R"({"properties":[]})", R"({"properties":null})", R"({"recordPath":7})",
                              R"({"window":1})", R"({"window":{"depth":1}})", R"({"properties":{"playUrl":"srt://host:1"}})"})
        EXPECT_NE(why(wrong), "") << wrong;
}

TEST_F(PlayerMethodJson, EveryMethodAnswersUnderItsOwnName) {
    EXPECT_EQ(playerMethodNames().size(), 15U);
    for (const auto name : playerMethodNames()) {
        const std::string options = name == "stop"                ? R"({"clearLastFrame":false})"
                                    : name == "mute"              ? R"({"muted":true})"
                                    : name == "requestFullScreen" ? R"({"direction":-90})"
                                    : name == "snapshot"          ? R"({"quality":"compressed","sourceType":"view"})"
                                    : name == "hostNavigated"     ? R"({"event":"pop"})"
                                                                  : "{}";
        EXPECT_TRUE(ask(name, options).starts_with(std::string(name) + ":")) << ask(name, options);
    }
    EXPECT_TRUE(player.properties().muted);
}

TEST_F(PlayerMethodJson, MuteTogglesWithoutItsOption) {
    EXPECT_EQ(ask("mute"), "mute:ok");
    EXPECT_TRUE(player.properties().muted);
    EXPECT_EQ(ask("mute"), "mute:ok");
    EXPECT_FALSE(player.properties().muted);
    EXPECT_EQ(ask("mute", R"({"muted":false})"), "mute:ok");
    EXPECT_FALSE(player.properties().muted);
}

TEST_F(PlayerMethodJson, WhatCantBeCalledIsRefusedAndNotAnswered) {
    EXPECT_EQ(ask("play"), "refused: unknown method \"play\"");
    EXPECT_EQ(ask("pause", R"({"now":true})"), "refused: unknown option \"now\": it takes none");
    EXPECT_EQ(ask("stop", R"({"clearLastFrame":1})"), "refused: clearLastFrame 1: must be true or false");
    EXPECT_EQ(ask("mute", R"({"muted":"yes"})"), "refused: muted \"yes\": must be true or false");
    EXPECT_EQ(ask("requestFullScreen", R"({"direction":"up"})"), "refused: direction \"up\": must be a whole number");
    EXPECT_EQ(ask("snapshot", R"({"quality":"best"})"), "refused: quality \"best\": must be raw or compressed");
    EXPECT_EQ(ask("hostNavigated"), "refused: event is missing");
    EXPECT_EQ(ask("start", "[]"), "refused: options: must be a JSON object, not an array");
}

TEST_F(PlayerMethodJson, PropertiesAreUpdatedTogether) {
    std::promise<MethodResult> answer;
    ASSERT_TRUE(updateProperties(player, {{"minCache", "0.5"}, {"volume", "0.25"}},
                                 {.complete = [&](const MethodResult& result) { answer.set_value(result); }}));
    EXPECT_EQ(answer.get_future().get().errMsg, "update:ok");
    EXPECT_EQ(player.properties().volume, 0.25);
    EXPECT_EQ(updateProperties(player, {{"minCache", "0.6"}, {"volume", "9"}}).error().code, Code::InvalidArgument);

    std::promise<MethodResult> refused;
    ASSERT_TRUE(updateProperties(player, {{"volume", "1"}, {"minCache", "5"}},
                                 {.fail = [&](const MethodResult& result) { refused.set_value(result); }}));
    EXPECT_EQ(refused.get_future().get().errMsg,
              "update:fail minCache 5: must not be above maxCache 3 of mode live: set maxCache too");
    EXPECT_EQ(player.properties().volume, 0.25);
}

}  // namespace livepusher
