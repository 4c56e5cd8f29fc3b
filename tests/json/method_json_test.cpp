// SPDX-License-Identifier: MIT
#include "parsed.hpp"

#include <future>

namespace livepusher {
namespace {

using testing::parsed;

class MethodJson : public ::testing::Test {
protected:
    /// What the method answers; "refused: ..." when it is not called at all.
    std::string ask(std::string_view method, std::string_view options = "") {
        std::promise<std::string> answer;
        const auto called = callMethod(context, method, options, [&](const MethodResult&, const std::string& json) {
            answer.set_value(parsed(json)["errMsg"]);
        });
        return called ? answer.get_future().get() : "refused: " + called.error().message;
    }

    LivePusherContext context{*contextOptions(R"({"source":"none"})")};
};

}  // namespace

TEST_F(MethodJson, EveryMethodAnswersUnderItsOwnName) {
    for (const auto name : methodNames()) {
        const std::string options = name == "playBGM"          ? R"({"url":"/nowhere.mp3","loop":true})"
                                    : name == "seekBGM"        ? R"({"position":1000})"
                                    : name == "setZoom"        ? R"({"zoom":2})"
                                    : name == "sendMessage"    ? R"({"msg":"hello"})"
                                    : name == "saveReplay"     ? R"({"path":"replay.mp4"})"
                                    : name == "hostNavigated"  ? R"({"event":"pop"})"
                                    : name == "snapshot"       ? R"({"quality":"compressed","sourceType":"view"})"
                                    : name == "addTarget"      ? R"({"target":{"id":"a","url":"a.flv"}})"
                                    : name == "updateTarget"   ? R"({"target":{"id":"a","url":"b.flv"}})"
                                    : name == "removeTarget"   ? R"({"target":"a"})"
                                    : name.ends_with("Volume") ? R"({"volume":"0.5"})"
                                                               : "{}";
        EXPECT_TRUE(ask(name, options).starts_with(std::string(name) + ":")) << ask(name, options);
    }
}

TEST_F(MethodJson, WhatCantBeCalledIsRefusedAndNotAnswered) {
    EXPECT_EQ(ask("puase"), "refused: unknown method \"puase\"");
    EXPECT_EQ(ask("pause", R"({"now":true})"), "refused: unknown option \"now\": it takes none");
    EXPECT_EQ(ask("playBGM"), "refused: url is missing");
    EXPECT_EQ(ask("playBGM", R"({"url":"a.mp3","loop":"yes"})"), "refused: loop \"yes\": must be true or false");
    EXPECT_EQ(ask("seekBGM", R"({"position":-1})"), "refused: position must be given, in ms, 0 or more");
    EXPECT_EQ(ask("setBGMVolume", R"({"volume":"loud"})"), "refused: volume \"loud\": must be a number");
    EXPECT_EQ(ask("setMICVolume"), "refused: volume is missing");
    EXPECT_EQ(ask("setZoom", R"({"zoom":[]})"), "refused: zoom an array: must be a number");
    EXPECT_EQ(ask("sendMessage", R"({"msg":5})"), "refused: msg 5: must be a string");
    EXPECT_EQ(ask("snapshot", R"({"quality":"best"})"), "refused: quality \"best\": must be raw or compressed");
    EXPECT_EQ(ask("snapshot", R"({"sourceType":"window"})"), "refused: sourceType \"window\": must be stream or view");
    EXPECT_EQ(ask("saveReplay"), "refused: path is missing");
    EXPECT_EQ(ask("hostNavigated"), "refused: event is missing");
    EXPECT_EQ(ask("addTarget"), "refused: it takes the option target, an object, and no other");
    EXPECT_EQ(ask("addTarget", R"({"target":{"id":"a","url":5}})"), "refused: url: must be a string of one line");
    EXPECT_EQ(ask("updateTarget", R"({"target":{"url":"a.flv"}})"), "refused: a target: id is missing");
    EXPECT_EQ(ask("removeTarget", R"({"target":{}})"), "refused: target an object: must be a string");
    EXPECT_EQ(ask("start", "[]"), "refused: options: must be a JSON object, not an array");
}

TEST_F(MethodJson, PropertiesAreUpdatedTogether) {
    std::promise<MethodResult> answer;
    ASSERT_TRUE(updateProperties(context, {{"fps", "20"}, {"beauty", "3"}},
                                 {.complete = [&](const MethodResult& result) { answer.set_value(result); }}));
    EXPECT_EQ(answer.get_future().get().errMsg, "update:ok");
    EXPECT_EQ(context.properties().fps, 20);
    EXPECT_EQ(updateProperties(context, {{"fps", "25"}, {"beauty", "99"}}).error().code, Code::InvalidArgument);

    std::promise<MethodResult> refused;
    ASSERT_TRUE(updateProperties(context, {{"fps", "25"}, {"minBitrate", "900"}, {"maxBitrate", "300"}},
                                 {.fail = [&](const MethodResult& result) { refused.set_value(result); }}));
    EXPECT_EQ(refused.get_future().get().errCode, static_cast<int>(Code::InvalidArgument));
    EXPECT_EQ(context.properties().fps, 20);
}

}  // namespace livepusher
