// SPDX-License-Identifier: MIT
#include "playback/view.hpp"

#include "corners.hpp"
#include "fake_desktop.hpp"
#include "letters.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>

namespace livepusher::playback {
namespace {

using display::PictureLayout;
using testing::Desktop;
using testing::FakeWindow;
using testing::Journal;

constexpr livepusher::test::Corners kUpright{{0, 1, 2, 3}};

class PlayedView : public ::testing::Test {
protected:
    PlayedView() { (void)window_.open({}, 320, 180); }
    Desktop::Shown drawn(const VideoFrame& frame) {
        view_.draw(frame, window_);
        return desktop_->shown();
    }

    Journal journal_;
    const std::shared_ptr<Desktop> desktop_ = std::make_shared<Desktop>(journal_);
    FakeWindow window_{desktop_};
    View view_;
};

VideoFrame white() {
    auto frame = VideoFrame::allocate(320, 180);
    std::fill_n(frame.mutablePlane(0), frame.stride(0) * frame.height(), std::uint8_t{235});
    return frame;
}

TEST_F(PlayedView, IsTheDecodedPictureItselfWhenNothingIsAskedFor) {
    const auto frame = livepusher::test::quarters(320, 180);
    EXPECT_EQ(view_.turned(frame).plane(0), frame.plane(0)) << "no copy";
    const auto shown = drawn(frame);
    EXPECT_EQ(shown.frame.plane(0), frame.plane(0));
    EXPECT_EQ(shown.layout, PictureLayout{});
}

TEST_F(PlayedView, HorizontalIsTurnedBy270DegreesClockwise) {
    PlayerProperties p;
    p.orientation = Orientation::horizontal;
    view_.follow(viewRules(p));
    const auto frame = livepusher::test::quarters(320, 180);
    const auto turned = view_.turned(frame);
    EXPECT_EQ(base::sizeOf(turned), (base::PictureSize{180, 320}));
    EXPECT_EQ(view_.sizeOf(frame), (base::PictureSize{180, 320}));
    EXPECT_EQ(livepusher::test::cornersOf(turned), livepusher::test::seen(kUpright, Rotation::Cw270, false));
    EXPECT_EQ(turned.rotation, Rotation::None);
    const auto shown = drawn(frame);
    EXPECT_EQ(shown.frame.plane(0), frame.plane(0)) << "the window turns it";
    EXPECT_EQ(shown.layout.turn, Rotation::Cw270);
}

TEST_F(PlayedView, APicturesOwnTurnAndMirrorComeFirst) {
    PlayerProperties p;
    p.orientation = Orientation::horizontal;
    view_.follow(viewRules(p));
    auto frame = livepusher::test::quarters(320, 180);
    frame.rotation = Rotation::Cw90;
    frame.mirrored = true;
    const auto turned = view_.turned(frame);
    EXPECT_EQ(base::sizeOf(turned), (base::PictureSize{320, 180}));
    EXPECT_EQ(livepusher::test::cornersOf(turned), livepusher::test::seen(kUpright, Rotation::None, true));
    EXPECT_FALSE(turned.mirrored);
}

TEST_F(PlayedView, PixelsBecomeSquare) {
    auto frame = livepusher::test::quarters(720, 576);
    frame.sampleAspectNum = 16;
    frame.sampleAspectDen = 11;
    const auto turned = view_.turned(frame);
    EXPECT_EQ(base::sizeOf(turned), (base::PictureSize{1048, 576}));
    EXPECT_EQ(turned.sampleAspectNum, turned.sampleAspectDen);
    EXPECT_EQ(livepusher::test::cornersOf(turned), kUpright) << "no bars";
}

TEST_F(PlayedView, StatisticsStandUprightInATurnedPicture) {
    view_.follow({.layout = {ObjectFit::contain, Rotation::Cw270}, .debug = true});
    view_.tell({"a", "b"});
    const auto shown = drawn(white());
    EXPECT_EQ(base::sizeOf(shown.frame), (base::PictureSize{180, 320}));
    EXPECT_EQ(shown.layout, PictureLayout{}) << "it is turned already";
    EXPECT_EQ(livepusher::test::lettersOf(shown.frame, 0, 1), "a");
    EXPECT_EQ(livepusher::test::lettersOf(shown.frame, 1, 1), "b");
}

TEST_F(PlayedView, StatisticsStandWhereThePictureIsNotCutOff) {
    view_.follow({.layout = {ObjectFit::fillCrop, Rotation::None}, .debug = true});
    view_.tell({"a"});
    desktop_->seen = {101, 0, 119, 180};
    const auto frame = white();
    const auto shown = drawn(frame);
    EXPECT_EQ(shown.layout, (PictureLayout{ObjectFit::fillCrop, Rotation::None}));
    EXPECT_EQ(livepusher::test::lumaAt(shown.frame, 100, 0), 235) << "nothing where nobody sees it";
    EXPECT_LT(livepusher::test::lumaAt(shown.frame, 102, 0), 100);
    EXPECT_EQ(livepusher::test::lumaAt(frame, 102, 0), 235) << "the decoded picture stays as it is";
}

TEST(PlayStatistics, TellsEveryFigureInShortLinesOfAscii) {
    PlayerNetStatus s;
    s.videoWidth = 1920;
    s.videoHeight = 1080;
    s.videoFPS = 29.96;
    s.videoGOP = 2;
    s.videoBitrate = 12345;
    s.audioBitrate = 192;
    s.netSpeed = 13000;
    s.netQualityLevel = 2;
    s.delay = 12345;
    s.targetDelay = 10000;
    s.speed = 1.1;
    s.videoCache = 10500;
    s.audioCache = 11000;
    s.avPlayInterval = -120;
    s.netJitter = 140;
    s.stalls = 12;
    s.stalledMs = 123456;
    s.skips = 13;
    s.skippedMs = 234567;
    s.videoDrop = 1234;
    s.missing = 567;
    s.cpuUsage = 123.4;
    s.reconnects = 3;
    s.decoder = "libdav1d";
    s.decodeLoad = 45;
    s.serverIp = "192.168.100.200";
    const auto lines = statisticsText(PlayerState::Loading, s);
    const std::vector<std::string> expected{"loading 1920x1080",
                                            "fps 30.0  gop 2.0 s",
                                            "video 12345  audio 192 kbps",
                                            "got 13000 kbps  quality 2",
                                            "delay 12345/10000 ms  x1.10",
                                            "cache 10500+11000 ms",
                                            "a-v -120 ms  jitter 140 ms",
                                            "stalls 12  123456 ms",
                                            "skips 13  234567 ms",
                                            "dropped 1234  missing 567",
                                            "decoding 45 %",
                                            "cpu 123 %  reconnects 3",
                                            "libdav1d",
                                            "server 192.168.100.200"};
    EXPECT_EQ(lines, expected);
    for (const auto& line : lines) {
        EXPECT_LE(line.size(), 28U) << line;
        EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; })) << line;
    }
}

TEST(PlayStatistics, WhereNothingPlaysIsTheStateAlone) {
    for (const auto state : {PlayerState::Idle, PlayerState::Connecting, PlayerState::Ended})
        EXPECT_EQ(statisticsText(state, {}), std::vector<std::string>{std::string(toString(state))});
}

}  // namespace
}  // namespace livepusher::playback
