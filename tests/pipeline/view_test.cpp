// SPDX-License-Identifier: MIT
#include "pipeline/view.hpp"

#include "letters.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace livepusher::pipeline {
namespace {

using capture::SourceKind;

bool mirrors(LocalMirror local, bool remote, SourceKind source, DevicePosition position = DevicePosition::front) {
    Properties p;
    p.localMirror = local;
    p.remoteMirror = remote;
    p.devicePosition = position;
    return viewRules(p, source).mirror;
}

TEST(ViewRules, AutoMirrorsTheFrontCameraAndNothingElse) {
    EXPECT_TRUE(mirrors(LocalMirror::automatic, false, SourceKind::Camera));
    EXPECT_FALSE(mirrors(LocalMirror::automatic, false, SourceKind::Camera, DevicePosition::back));
    for (const auto source : {SourceKind::File, SourceKind::Screen, SourceKind::Test, SourceKind::App})
        EXPECT_FALSE(mirrors(LocalMirror::automatic, false, source)) << static_cast<int>(source);
}

TEST(ViewRules, EnableAndDisableHoldForEverySource) {
    for (const auto source : {SourceKind::Camera, SourceKind::File, SourceKind::Screen}) {
        EXPECT_TRUE(mirrors(LocalMirror::enable, false, source));
        EXPECT_FALSE(mirrors(LocalMirror::disable, false, source));
    }
}

TEST(ViewRules, AMirroredStreamIsTurnedBackWhereTheViewIsNotMirrored) {
    EXPECT_FALSE(mirrors(LocalMirror::enable, true, SourceKind::File)) << "it is mirrored already";
    EXPECT_TRUE(mirrors(LocalMirror::disable, true, SourceKind::File));
    EXPECT_FALSE(mirrors(LocalMirror::automatic, true, SourceKind::Camera));
    EXPECT_TRUE(mirrors(LocalMirror::automatic, true, SourceKind::Camera, DevicePosition::back));
}

VideoFrame white(std::uint8_t leftUpper) {
    auto frame = VideoFrame::allocate(320, 180);
    std::fill_n(frame.mutablePlane(0), frame.stride(0) * frame.height(), std::uint8_t{235});
    frame.mutablePlane(0)[0] = leftUpper;
    return frame;
}

int leftUpper(const VideoFrame& frame) { return frame.plane(0)[0]; }
int rightUpper(const VideoFrame& frame) { return frame.plane(0)[frame.width() - 1]; }

TEST(View, IsThePushedPictureItselfWhenNothingIsAskedFor) {
    const View view;
    const Shown shown{VideoFrame::allocate(16, 16), true};
    EXPECT_EQ(view.of(shown).plane(0), shown.frame.plane(0)) << "no copy";
}

TEST(View, MirrorsWhatIsLiveButNoWaitingImage) {
    View view;
    view.follow({.mirror = true});
    EXPECT_EQ(rightUpper(view.of({white(50), true})), 50);
    EXPECT_EQ(leftUpper(view.of({white(50), false})), 50);
    EXPECT_EQ(rightUpper(view.mirrored({white(50), true})), 50);
}

TEST(View, HasTheStatisticsOnlyWithDebugAndNeverInASnapshotOrThePushedPicture) {
    View view;
    const auto lines = [](const VideoFrame& frame) {
        std::vector<std::string> read;
        for (int row = 0; row < 3; ++row) read.push_back(test::lettersOf(frame, row, 1));
        return read;
    };
    view.tell({"a", "b", "c"});
    const Shown shown{white(235), true};
    const auto pushed = [&](const VideoFrame& frame) {
        return frame.plane(0) == shown.frame.plane(0) && leftUpper(frame) == 235;
    };
    EXPECT_TRUE(pushed(view.of(shown)));
    view.follow({.debug = true});
    EXPECT_EQ(lines(view.of(shown)), (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_TRUE(pushed(view.mirrored(shown)));
    EXPECT_EQ(leftUpper(shown.frame), 235);
    view.tell({"a"});
    EXPECT_EQ(test::lettersOf(view.of(shown), 0, 1), "a");
    EXPECT_NE(test::lettersOf(view.of(shown), 1, 1), "b");
}

TEST(StatisticsText, TellsEveryFigureInShortLinesOfAscii) {
    NetStatus s;
    s.videoWidth = 1280;
    s.videoHeight = 720;
    s.videoFPS = 29.96;
    s.videoGOP = 2;
    s.videoBitrate = 12345;
    s.audioBitrate = 192;
    s.netSpeed = 13000;
    s.netQualityLevel = 2;
    s.queueDelay = 1500;
    s.videoCache = 45;
    s.audioCache = 70;
    s.videoDrop = 1234;
    s.audioDrop = 5;
    s.rtt = 250;
    s.netJitter = 40;
    s.cpuUsage = 123.4;
    s.reconnects = 3;
    s.serverIp = "192.168.100.200";
    const auto lines = statisticsText(State::Reconnecting, s);
    const std::vector<std::string> expected{
        "reconnecting 1280x720",      "fps 30.0  gop 2.0 s",     "video 12345  audio 192 kbps",
        "sent 13000 kbps  quality 2", "queue 1500 ms  45+70",    "dropped 1234+5",
        "rtt 250 ms  jitter 40 ms",   "cpu 123 %  reconnects 3", "server 192.168.100.200"};
    EXPECT_EQ(lines, expected);
    for (const auto& line : lines) {
        EXPECT_LE(line.size(), 28U) << line;
        EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; })) << line;
    }
}

TEST(StatisticsText, WithoutAPushIsTheStateAlone) {
    EXPECT_EQ(statisticsText(State::Previewing, {}), std::vector<std::string>{"previewing"});
}

}  // namespace
}  // namespace livepusher::pipeline
