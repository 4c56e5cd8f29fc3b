// SPDX-License-Identifier: MIT
// The program's pieces that need no server: tests/program/*.py try the whole.
#include <livepusher/names.hpp>

#include "config_file.hpp"
#include "exit_code.hpp"
#include "json.hpp"
#include "keys.hpp"
#include "names.hpp"
#include "property_flags.hpp"
#include "property_table.hpp"
#include "restart_policy.hpp"
#include "secrets.hpp"
#include "source_choice.hpp"
#include "status_line.hpp"

#include <gtest/gtest.h>

#include <array>

namespace program {
namespace {

using Words = std::vector<std::string>;

TEST(Names, EveryPropertyIsFoundByEachOfItsSpellings) {
    for (const auto* table : {&pusherTable(), &playerTable()}) {
        for (const auto& info : table->rows) {
            EXPECT_EQ(table->find(info.name), &info);
            EXPECT_EQ(table->find(info.kebabName), &info);
            for (const auto alias : info.aliases) {
                EXPECT_EQ(table->find(alias), &info) << alias;
                EXPECT_EQ(table->find(livepusher::kebabCase(alias)), &info) << alias;
            }
        }
        EXPECT_EQ(table->find("beuaty"), nullptr);
    }
}

TEST(Names, ATypingErrorIsRecognizedAndAStrangeWordIsNot) {
    EXPECT_EQ(suggestion("beuaty", pusherTable().names()), "; did you mean beauty?");
    EXPECT_EQ(suggestion("minbitrate", pusherTable().names()), "; did you mean minBitrate?");
    EXPECT_EQ(suggestion("fsp", pusherTable().names()), "; did you mean fps?");
    EXPECT_EQ(suggestion("refrigerator", pusherTable().names()), "");
}

TEST(Secrets, OnlyTheKeyThePasswordAndTheQueryAreHidden) {
    EXPECT_EQ(redactUrl("rtmp://host:1935/live/key?x=1/2"), "rtmp://host:1935/live/***");
    EXPECT_EQ(redactUrl("rtmps://user:pass@host/app/instance/key"), "rtmps://host/app/instance/***");
    EXPECT_EQ(redactUrl("rtmp://[::1]:1935/live/key"), "rtmp://[::1]:1935/live/***");
    EXPECT_EQ(redactUrl("rtmp://host?key"), "rtmp://host***");
    EXPECT_EQ(redactUrl("https://user:pass@host/live/key.flv?x=1/2"), "https://host/live/***");
    EXPECT_EQ(redactUrl("rtmp://host/mystream"), "rtmp://host/***");
    EXPECT_EQ(redactUrl("RTMP://host/mystream?user=u"), "RTMP://host/***");
    EXPECT_EQ(redactUrl("rtmp://host/live2?backup=1/key"), "rtmp://host/***");
    EXPECT_EQ(redactUrl("rtmp://host/app/inst?t=1/key"), "rtmp://host/app/***");
    EXPECT_EQ(redactUrl("rtmp://host/a/b/c/d"), "rtmp://host/a/b/***");
    EXPECT_EQ(redactUrl("rtmp://host/app/mp4:folder/film"), "rtmp://host/app/***");
    EXPECT_EQ(redactUrl("rtmp://u:p@host/live", true), "rtmp://host/live/***");
    EXPECT_EQ(redactUrl("rtmp://host/live2?backup=1", true), "rtmp://host/live2/***");
    EXPECT_EQ(redactUrl("rtmp://host/live/older-key", true), "rtmp://host/live/***");
    for (const auto* file : {"out/clip.flv", "clip.mp4", "clip.mkv", "clip.ts"}) EXPECT_EQ(redactUrl(file), file);
    EXPECT_EQ(redactUrl("srt://host:9000?streamid=#!::r=a/b,m=publish&passphrase=x@y:z"), "srt://host:9000***");
    EXPECT_EQ(redactUrl("srt://[::1]:9000?latency=200", true), "srt://[::1]:9000***");
    EXPECT_EQ(redactUrl("srt://:9000?mode=listener"), "srt://:9000***");
    EXPECT_EQ(redactUrl("srt://host:9000"), "srt://host:9000");
    EXPECT_EQ(redactUrl("nothing-known"), "***");
    EXPECT_EQ(redactUrl(""), "");
}

TEST(Secrets, AMessageIsCleanedOfEveryUrl) {
    EXPECT_EQ(scrub("no rtmp://h/a/k1 and \"rtmps://h/a/k2?x\" here"), "no rtmp://h/a/*** and \"rtmps://h/a/***\" here");
    EXPECT_EQ(scrub("no srt://h:1?streamid=k1&passphrase=k2 here"), "no srt://h:1*** here");
    EXPECT_EQ(scrub("'http://h/a/k.flv?x', https://u:p@h/k.flv, http://h/pic.png"),
              "'http://h/a/***', https://h/*** http://h/pic.png");
}

TEST(Secrets, ArgumentsAreMaskedInPlaceAtTheirLength) {
    std::array<std::string, 5> memory{"rtmp://u:p@h/a/key?q", "--url=rtmps://h/a/key", "file:http://me:pw@h/x.mp4", "--fps",
                                      "http://u:p@h/k.flv?q"};
    std::array<char*, 5> arguments{};
    for (std::size_t i = 0; i < memory.size(); ++i) arguments[i] = memory[i].data();
    maskArguments(arguments, "rtmp://u:p@h/a/key?q");
    EXPECT_EQ(memory[0], "rtmp://***@h/a/*****");
    EXPECT_EQ(memory[1], "--url=rtmps://h/a/***");
    EXPECT_EQ(memory[2], "file:http://*****@h/x.mp4");
    EXPECT_EQ(memory[3], "--fps");
    EXPECT_EQ(memory[4], "http://***@h/*******");
}

TEST(Secrets, AStreamKeyIsMaskedInAnySpellingOfItsFlag) {
    std::array<std::string, 6> memory{"--stream-key",      "a b/c", "--stream-key=-key", "--streamKey=key",
                                      "--stream-key-file", "name"};
    std::array<char*, 6> arguments{};
    for (std::size_t i = 0; i < memory.size(); ++i) arguments[i] = memory[i].data();
    maskArguments(arguments, "");
    EXPECT_EQ(memory, (std::array<std::string, 6>{"--stream-key", "*****", "--stream-key=****", "--streamKey=***",
                                                  "--stream-key-file", "name"}));
}

TEST(Flags, AnySpellingBecomesTheKebabNameAndASwitchTakesItsOwnValueOnly) {
    EXPECT_EQ(normalizeFlags({"push", "--minBitrate=300", "--muted", "false", "rtmp://h/a/k"}),
              (Words{"push", "--min-bitrate", "300", "--muted=false", "rtmp://h/a/k"}));
    EXPECT_EQ(normalizeFlags({"--muted", "rtmp://h/a/k"}), (Words{"--muted", "rtmp://h/a/k"}));
    EXPECT_EQ(normalizeFlags({"--waiting-image=", "--loop"}), (Words{"--waiting-image", "", "--loop"}));
    EXPECT_EQ(normalizeFlags({"--", "--minBitrate=1"}), (Words{"--", "--minBitrate=1"}));
}

TEST(Flags, EveryPropertyHasAHeadingInTheHelp) {
    CLI::App command;
    const PropertyFlags flags(command, pusherTable());
    for (const auto& info : livepusher::allProperties()) {
        const auto* option = command.get_option_no_throw("--" + info.kebabName);
        EXPECT_EQ(option == nullptr, info.account) << info.name;
        if (option) {
            EXPECT_EQ(option->get_group(), toString(info.group)) << info.name;
        }
    }
}

TEST(Flags, TheCommandSaysWhoseTheyAre) {
    EXPECT_EQ(normalizeFlags({"play", "--minCache=0.5", "--url", "rtmp://h/a/k", "--enhancedRtmp", "--muted", "false"}),
              (Words{"play", "--min-cache", "0.5", "--play-url", "rtmp://h/a/k", "--enhanced-rtmp", "--muted=false"}));
    EXPECT_EQ(normalizeFlags({"push", "--minCache=0.5", "--url", "rtmp://h/a/k"}),
              (Words{"push", "--minCache=0.5", "--url", "rtmp://h/a/k"}));
}

TEST(Flags, EveryPropertyOfAPlayerHasAHeadingToo) {
    CLI::App command;
    const PropertyFlags flags(command, playerTable());
    for (const auto& info : livepusher::allPlayerProperties()) {
        const auto* option = command.get_option_no_throw("--" + info.kebabName);
        EXPECT_EQ(option == nullptr, info.account) << info.name;
        if (option) {
            EXPECT_EQ(option->get_group(), toString(info.group)) << info.name;
        }
    }
}

TEST(Flags, EffectsTakesWhatChangesTheLookOrTheFile) {
    CLI::App command;
    const PropertyFlags flags(command, pusherTable(), PropertyFlags::Of::Effects);
    std::size_t count = 0;
    for (const auto& info : livepusher::allProperties()) {
        const bool taken = command.get_option_no_throw("--" + info.kebabName) != nullptr;
        count += taken ? 1 : 0;
        if (info.group == livepusher::PropertyGroup::Effects) EXPECT_TRUE(taken) << info.name;
        if (info.group == livepusher::PropertyGroup::Sound || info.group == livepusher::PropertyGroup::Network)
            EXPECT_FALSE(taken) << info.name;
    }
    EXPECT_EQ(count, 21U);
}

TEST(Keys, ArrowsAndFunctionKeysAreNotTakenForLetters) {
    EXPECT_EQ(withoutEscapes("q"), "q");
    EXPECT_EQ(withoutEscapes("\x1b[Aq\x1b[15~p\x1bOPm\x1bx"), "qpm");
    EXPECT_EQ(withoutEscapes("\x1b"), "");
    EXPECT_EQ(withoutEscapes("s\x1b["), "s");
}

TEST(PropertyJson, ShownPropertiesHideTheKeyAndHaveTheirTypes) {
    livepusher::Properties properties;
    properties.url = "rtmp://host/live/secret";
    properties.userSig = "secret";
    const Json shown = shownProperties(properties);
    EXPECT_EQ(shown["userSig"], "***");
    EXPECT_EQ(shown["userID"], "");
    EXPECT_EQ(shown["url"], "rtmp://host/live/***");
    EXPECT_EQ(shown["fps"], 15);
    EXPECT_EQ(shown["muted"], false);
    EXPECT_TRUE(shown["videoWidth"].is_null());
    EXPECT_TRUE(shown["pictureInPictureMode"].is_array());
    EXPECT_EQ(shown.size(), livepusher::allProperties().size());
}

TEST(PropertyJson, ShownPropertiesOfAPlayerHideTheStreamAndTheProxy) {
    livepusher::PlayerProperties properties;
    properties.playUrl = "rtmp://user:pass@host/live/secret?sign=1";
    properties.proxy = "http://me:secret@proxy:8080";
    const Json shown = shownProperties(properties);
    EXPECT_EQ(shown["playUrl"], "rtmp://host/live/***");
    EXPECT_EQ(shown["proxy"], "***");
    EXPECT_EQ(shown["endLinger"], 5.0);
    EXPECT_TRUE(shown["minCache"].is_null());
    EXPECT_EQ(shown.size(), livepusher::allPlayerProperties().size());
}

TEST(ConfigFile, TakesEitherSpellingAndSources) {
    const auto config = parseConfig({{"min-bitrate", 300}, {"videoWidth", 640}, {"audio-source", "none"}});
    ASSERT_TRUE(config);
    EXPECT_EQ(config->properties, (livepusher::PropertyTexts{{"minBitrate", "300"}, {"videoWidth", "640"}}));
    EXPECT_EQ(config->audioSource, "none");
}

TEST(ConfigFile, AnUnknownKeyIsRefusedWithTheNearestOne) {
    EXPECT_EQ(parseConfig({{"beuaty", 3}}).error().message, "unknown key \"beuaty\"; did you mean beauty?");
    EXPECT_EQ(parseConfig({{"sauce", "test"}}).error().message, "unknown key \"sauce\"; did you mean source?");
    EXPECT_FALSE(parseConfig(Json::array()));
    EXPECT_FALSE(parseConfig({{"source", "test"}, {"video-source", "test"}}));
}

TEST(SourceChoice, DevicesWhereThereAreAnyElseTheTestSource) {
    const auto both = *chooseSources({}, {.camera = true, .microphone = true});
    EXPECT_EQ(both.sources.video, "camera");
    EXPECT_EQ(both.sources.audio, "mic");
    const auto none = *chooseSources({}, {});
    EXPECT_EQ(none.sources.video, "test");
    EXPECT_EQ(none.sources.audio, "test");
    EXPECT_NE(none.note, "");
}

TEST(SourceChoice, OneWordStandsForWhatItCarries) {
    const auto chosen = [](const char* spec) { return chooseSources({.source = spec}, {})->sources; };
    EXPECT_EQ(chosen("file:a.mp4").video, "file:a.mp4");
    EXPECT_EQ(chosen("file:a.mp4").audio, "file:a.mp4");
    EXPECT_EQ(chosen("mic").video, "none");
    EXPECT_EQ(chosen("mic:usb+system").video, "none");
    EXPECT_EQ(chosen("mic+system").audio, "mic+system");
    EXPECT_EQ(chosen("system").video, "none");
    EXPECT_EQ(chosen("screen+camera").audio, "test");
    EXPECT_EQ(chosen("test+camera:1").audio, "test");
    EXPECT_EQ(chosen("raw:-,64x64@5").audio, "none");
    EXPECT_EQ(chosen("image:pause.png").audio, "none");
    EXPECT_EQ(chosen("camera:1").audio, "test");
    EXPECT_EQ(chooseSources({.source = "file:a", .playlist = {"file:b"}}, {})->sources.playlist, Words{"file:b"});
    EXPECT_FALSE(chooseSources({.source = "test", .playlist = {"file:b"}}, {}));
    EXPECT_FALSE(chooseSources({.source = "file:a", .playlist = {"file:-"}}, {}));
    EXPECT_FALSE(chooseSources({.source = "app"}, {}));
}

TEST(StatusLine, GivesUpItsLastPartsOnANarrowTerminal) {
    livepusher::NetStatus figures;
    figures.videoBitrate = 812;
    figures.audioBitrate = 96;
    figures.videoFPS = 15;
    figures.reconnects = 1;
    const auto at = [&](int width) {
        return formatStatus(livepusher::State::Pushing, std::chrono::seconds(3661), figures, width);
    };
    EXPECT_EQ(at(200), "pushing 01:01:01  812+96 kbps  15.0 fps  queue 0 (0 ms)  0 dropped  1 reconnect  0x0");
    EXPECT_EQ(at(32), "pushing 01:01:01  812+96 kbps");
    EXPECT_EQ(at(5), "pushi");
    EXPECT_EQ(at(0), "");
}

TEST(StatusLine, TheSummaryTellsDurationFramesBytesDropsAndReconnects) {
    livepusher::NetStatus figures;
    figures.videoFrames = 150;
    figures.bytesSent = 1234567;
    figures.videoDrop = 2;
    EXPECT_EQ(formatSummary(std::chrono::milliseconds(10040), figures),
              "pushed 10.0 s, 150 frames, 1.2 MB, 2 dropped, 0 reconnects");
    EXPECT_EQ(formatBytes(1), "1 byte");
    EXPECT_EQ(formatBytes(2'500'000'000), "2.50 GB");
}

TEST(StatusLine, OfAPlayerTellsTheSpeedWhereItIsAnother) {
    livepusher::PlayerNetStatus figures;
    figures.videoWidth = 1280;
    figures.videoHeight = 720;
    figures.videoFPS = 30;
    figures.netSpeed = 912;
    figures.delay = 1020;
    figures.targetDelay = 1000;
    figures.stalls = 1;
    figures.netQualityLevel = 2;
    const auto at = [&](int width) {
        return formatStatus(livepusher::PlayerState::Playing, std::chrono::seconds(83), figures, width);
    };
    EXPECT_EQ(at(200), "playing 00:01:23  1280x720 30.0 fps  912 kbps  delay 1020 of 1000 ms  1 stall  quality 2");
    figures.speed = 1.004;
    EXPECT_EQ(at(200).find("speed"), std::string::npos);
    figures.speed = 0.97;
    EXPECT_EQ(at(80), "playing 00:01:23  1280x720 30.0 fps  912 kbps  delay 1020 of 1000 ms  speed 0.97");
    EXPECT_EQ(at(5), "playi");
}

TEST(StatusLine, TheSummaryOfAPlayerTellsWhatWasNotSmooth) {
    livepusher::PlayerNetStatus figures;
    figures.bytesReceived = 1234567;
    EXPECT_EQ(formatSummary(std::chrono::milliseconds(10040), figures), "played 10.0 s, 1.2 MB, 0 stalls, 0 skips, 0 reconnects");
    figures.stalls = 2;
    figures.stalledMs = 840;
    figures.skips = 1;
    EXPECT_EQ(formatSummary(std::chrono::milliseconds(10040), figures),
              "played 10.0 s, 1.2 MB, 2 stalls of 0.8 s, 1 skip, 0 reconnects");
}

TEST(RequestJson, WhatIsNestedWithoutEndIsNoJson) {
    EXPECT_TRUE(parseJson(std::string(100000, '[')).is_discarded());
    EXPECT_TRUE(parseJson(R"({"id":)" + std::string(20, '[') + std::string(20, ']') + "}").is_discarded());
    EXPECT_EQ(parseJson(R"({"id":{"a":[1]}})")["id"]["a"][0], 1);
}

TEST(RequestJson, BytesThatAreNoUtf8DontBreakALine) {
    EXPECT_NE(toLine({{"a", "\xff\xfe"}}).find("\xef\xbf\xbd"), std::string::npos);
}

TEST(RestartPolicy, PausesGrowAndBeginAnewAfterAPushThatLasted) {
    RestartPolicy policy;
    const auto next = [&] { return policy.next(static_cast<int>(livepusher::Code::ConnectionGivenUp))->count(); };
    for (const int expected : {1, 2, 4, 8, 16, 30, 30}) EXPECT_EQ(next(), expected);
    policy.lasted(std::chrono::seconds(9));
    EXPECT_EQ(next(), 30);
    policy.lasted(std::chrono::seconds(10));
    EXPECT_EQ(next(), 1);
}

TEST(RestartPolicy, OnlyWhatTimeMayCureIsTriedAgain) {
    using enum livepusher::Code;
    for (const auto code :
         {ServerClosed, DnsFailed, ConnectionGivenUp, SourceFailed, CameraFailed, VideoEncodeFailed, FileFailed, InternalFailure})
        EXPECT_TRUE(RestartPolicy::mayPass(static_cast<int>(code))) << static_cast<int>(code);
    for (const auto code : {InvalidArgument, InvalidState, NotAvailable, Cancelled, SuspendedTooLong, UnsupportedResolution})
        EXPECT_FALSE(RestartPolicy::mayPass(static_cast<int>(code))) << static_cast<int>(code);
    EXPECT_TRUE(RestartPolicy::mayPass(0)) << "it was not told why";
}

TEST(ExitCodes, EachKindOfFailureHasItsOwn) {
    using enum livepusher::Code;
    const auto of = [](livepusher::Code code) { return exitCodeFor(static_cast<int>(code)); };
    EXPECT_EQ(of(Ok), kDone);
    EXPECT_EQ(of(InvalidArgument), kBadArguments);
    EXPECT_EQ(of(SourceFailed), kSourceFailure);
    EXPECT_EQ(of(CameraFailed), kSourceFailure);
    EXPECT_EQ(of(ServerClosed), kNetworkFailure);
    EXPECT_EQ(of(ConnectionGivenUp), kNetworkFailure);
    EXPECT_EQ(of(VideoEncodeFailed), kEncoderFailure);
    EXPECT_EQ(of(PlayGivenUp), kNetworkFailure);
    EXPECT_EQ(of(VideoDecodeFailed), kEncoderFailure);
    EXPECT_EQ(of(FileFailed), kOtherFailure);
    EXPECT_EQ(of(SuspendedTooLong), kOtherFailure);
}

}  // namespace
}  // namespace program
