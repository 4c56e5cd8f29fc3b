// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <gtest/gtest.h>

#include "screen_server.hpp"
#include "screen_watch.hpp"

namespace livepusher::capture {
namespace {

using test::XClient;
using test::XServer;

constexpr std::uint32_t kRed = 0xe02020, kGreen = 0x20c040, kBlue = 0x3040f0, kGrey = 0x808080;
constexpr WantedVideo kWanted{.width = 640, .height = 480, .fps = 30};

class ScreenSource : public ::testing::Test {
protected:
    void SetUp() override {
        if (!XServer::isInstalled()) GTEST_SKIP() << "needs Xvfb (apt-get install xvfb)";
    }

    static Spec on(const XServer& server) {
        Spec spec;
        spec.kind = SourceKind::Screen;
        spec.target = server.display();
        spec.cursor = false;
        return spec;
    }
    static Spec window(const XServer& server, const std::string& title) {
        auto spec = on(server);
        spec.window = title;
        return spec;
    }
    static Spec part(const XServer& server, int left, int top, int width, int height) {
        auto spec = on(server);
        spec.left = left, spec.top = top, spec.width = width, spec.height = height;
        return spec;
    }

    ScreenWatch got;
};

TEST_F(ScreenSource, FramesComeAtTheWantedRateAndAStillScreenIsReadOnce) {
    const XServer server;
    const auto screen = makeScreen(on(server));
    const auto format = screen->start(kWanted, got.sink());
    ASSERT_TRUE(format) << format.error().message;
    EXPECT_EQ(format->width, 640);
    EXPECT_EQ(format->height, 480);
    EXPECT_EQ(format->fps, 30);
    EXPECT_TRUE(format->constantRate);
    ASSERT_TRUE(got.waitMore(3));
    const auto before = got.last();
    ASSERT_TRUE(got.waitMore(10));
    EXPECT_EQ(got.last().plane(0), before.plane(0)) << "the same pixels, not copied";
    EXPECT_FALSE(got.last().bt709);
    screen->stop();
    const auto times = got.times();
    for (std::size_t i = 1; i < times.size(); ++i) {
        // Evenly, but for moments at which the machine did not let the thread run.
        const auto step = (times[i] - times[i - 1]).count();
        EXPECT_LE(step % 33333, 33333 / 100) << step;
        EXPECT_GE(step, 33333);
    }
    EXPECT_TRUE(got.codes().empty());
}

TEST_F(ScreenSource, WhatIsDrawnIsSeen) {
    const XServer server;
    XClient client(server.display());
    const auto screen = makeScreen(on(server));
    ASSERT_TRUE(screen->start(kWanted, got.sink()));
    for (const auto colour : {kRed, kGreen, kBlue}) {
        client.fill(client.root(), colour, 100, 50, 20, 20);
        EXPECT_TRUE(got.waitColour(110, 60, colour));
        EXPECT_TRUE(hasColour(got.last(), 90, 60, 0)) << "beside it, nothing was";
    }
}

TEST_F(ScreenSource, OddSizesLeaveTheirLastRowAndColumnOut) {
    const XServer server(641, 479);
    const auto format = makeScreen(on(server))->start(kWanted, got.sink());
    ASSERT_TRUE(format);
    EXPECT_EQ(format->width, 640);
    EXPECT_EQ(format->height, 478);
}

TEST_F(ScreenSource, APartIsReadFromItsCornerWhereverChangesAre) {
    const XServer server;
    XClient client(server.display());
    client.fill(client.root(), kGreen, 200, 100, 100, 60);
    const auto screen = makeScreen(part(server, 200, 100, 100, 60));
    const auto format = screen->start(kWanted, got.sink());
    ASSERT_TRUE(format);
    EXPECT_EQ(format->width, 100);
    EXPECT_EQ(format->height, 60);
    for (const auto& [x, y] : {std::pair{1, 1}, {98, 1}, {1, 58}, {98, 58}}) EXPECT_TRUE(got.waitColour(x, y, kGreen));
    client.fill(client.root(), kRed, 0, 0, 50, 50);       // beside it
    client.fill(client.root(), kRed, 500, 400, 50, 50);   // on its other side
    client.fill(client.root(), kBlue, 240, 130, 20, 20);  // in it
    EXPECT_TRUE(got.waitColour(45, 35, kBlue));
    EXPECT_TRUE(hasColour(got.last(), 30, 35, kGreen));
}

TEST_F(ScreenSource, APartThatLiesOutsideIsRefusedWithTheSizes) {
    const XServer server;
    const auto started = makeScreen(part(server, 600, 0, 100, 100))->start(kWanted, got.sink());
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::ScreenCaptureFailed);
    EXPECT_NE(started.error().message.find("(640x480): 100x100 at 600,0 lies outside"), std::string::npos)
        << started.error().message;
}

TEST_F(ScreenSource, AScreenLargerThanWantedIsDeliveredSmaller) {
    const XServer server(2560, 1600);
    XClient client(server.display());
    client.fill(client.root(), kRed, 0, 0, 1280, 1600);
    client.fill(client.root(), kBlue, 1280, 0, 1280, 1600);
    const auto screen = makeScreen(on(server));
    const auto format = screen->start({.width = 1280, .height = 720, .fps = 15}, got.sink());
    ASSERT_TRUE(format);
    EXPECT_EQ(format->width, 1280);
    EXPECT_EQ(format->height, 800) << "what fills 1280x720";
    EXPECT_NE(format->description.find("2560x1600 as 1280x800"), std::string::npos) << format->description;
    EXPECT_TRUE(got.waitColour(600, 400, kRed));
    EXPECT_TRUE(got.waitColour(680, 400, kBlue));
}

TEST_F(ScreenSource, ThePointerIsInThePictureUnlessItIsTurnedOff) {
    const XServer server;
    XClient client(server.display());
    client.fill(client.root(), kGrey, 0, 0, 640, 480);
    client.setPointer(kRed, 16);
    client.point(300, 200);
    auto spec = on(server);
    spec.cursor = true;
    const auto screen = makeScreen(spec);
    ASSERT_TRUE(screen->start(kWanted, got.sink()));
    EXPECT_TRUE(got.waitColour(306, 206, kRed));
    client.point(100, 80);
    EXPECT_TRUE(got.waitColour(106, 86, kRed));
    EXPECT_TRUE(hasColour(got.last(), 306, 206, kGrey)) << "nothing stays where it was";
    client.setPointer(kBlue, 16);
    EXPECT_TRUE(got.waitColour(106, 86, kBlue));
    client.point(639, 479);  // all but its tip is outside
    EXPECT_TRUE(got.waitFrame([](const VideoFrame& frame) { return hasColour(frame, 106, 86, kGrey); }));
    screen->stop();

    ScreenWatch without;
    client.point(300, 200);
    const auto plain = makeScreen(on(server));
    ASSERT_TRUE(plain->start(kWanted, without.sink()));
    client.fill(client.root(), kGreen, 0, 0, 10, 10);
    EXPECT_TRUE(without.waitColour(4, 4, kGreen));
    EXPECT_TRUE(hasColour(without.last(), 306, 206, kGrey));
}

TEST_F(ScreenSource, AWindowIsFollowedWhereverItIsAndWhateverCoversIt) {
    const XServer server;
    XClient client(server.display());
    client.open("another", kGrey, 0, 0, 50, 50);
    const auto shown = client.open("The Clock of it", kGreen, 100, 100, 200, 120);
    const auto screen = makeScreen(window(server, "clock"));
    const auto format = screen->start(kWanted, got.sink());
    ASSERT_TRUE(format) << format.error().message;
    EXPECT_EQ(format->width, 200);
    EXPECT_EQ(format->height, 120);
    EXPECT_TRUE(got.waitColour(100, 60, kGreen));
    client.place(shown, 300, 200, 200, 120);
    client.fill(shown, kBlue, 20, 20, 40, 40);
    EXPECT_TRUE(got.waitColour(30, 30, kBlue));
    client.open("above", kRed, 280, 180, 300, 200);
    client.fill(shown, kBlue, 120, 20, 40, 40);
    EXPECT_TRUE(got.waitColour(130, 30, kBlue));
    EXPECT_TRUE(hasColour(got.last(), 100, 100, kGreen));
    client.place(shown, 600, 440, 200, 120);  // most of it lies outside of the screen
    client.fill(shown, kGrey, 160, 80, 20, 20);
    EXPECT_TRUE(got.waitColour(170, 90, kGrey));
    EXPECT_TRUE(got.codes().empty() && got.formats().empty());
}

TEST_F(ScreenSource, AWindowsSizeIsFollowed) {
    const XServer server;
    XClient client(server.display());
    const auto shown = client.open("clock", kGreen, 10, 10, 200, 120);
    const auto screen = makeScreen(window(server, "clock"));
    ASSERT_TRUE(screen->start(kWanted, got.sink()));
    client.place(shown, 10, 10, 301, 161);
    EXPECT_TRUE(got.waitFormat(300, 160));
    EXPECT_TRUE(
        got.waitFrame([](const VideoFrame& frame) { return frame.width() == 300 && hasColour(frame, 290, 150, kGreen); }));
    EXPECT_TRUE(got.codes().empty());
}

TEST_F(ScreenSource, AMinimisedWindowKeepsItsLastPicture) {
    const XServer server;
    XClient client(server.display());
    const auto shown = client.open("clock", kGreen, 10, 10, 200, 120);
    const auto screen = makeScreen(window(server, "clock"));
    ASSERT_TRUE(screen->start(kWanted, got.sink()));
    ASSERT_TRUE(got.waitColour(100, 60, kGreen));
    client.show(shown, false);
    ASSERT_TRUE(got.waitMore(5));
    EXPECT_TRUE(hasColour(got.last(), 100, 60, kGreen));
    client.show(shown, true);
    client.fill(shown, kBlue, 50, 50, 40, 40);
    EXPECT_TRUE(got.waitColour(60, 60, kBlue));
    EXPECT_TRUE(got.codes().empty());
}

TEST_F(ScreenSource, AWindowThatIsClosedIsToldOfOnceAndTakenUpAgain) {
    const XServer server;
    XClient client(server.display());
    const auto first = client.open("clock", kGreen, 10, 10, 200, 120);
    const auto screen = makeScreen(window(server, "clock"));
    ASSERT_TRUE(screen->start(kWanted, got.sink()));
    client.close(first);
    ASSERT_TRUE(got.waitCode(Code::ScreenCaptureInterrupted));
    client.open("clock", kRed, 10, 10, 100, 80);
    ASSERT_TRUE(got.waitCode(Code::ScreenCaptureStarted));
    EXPECT_TRUE(got.waitFormat(100, 80));
    EXPECT_TRUE(got.waitColour(50, 40, kRed));
    EXPECT_EQ(got.codes().size(), 2U);
}

TEST_F(ScreenSource, AWindowThatIsNotThereIsToldWithThoseThatAre) {
    const XServer server;
    XClient client(server.display());
    client.open("browser", kGreen, 10, 10, 200, 120);
    const auto started = makeScreen(window(server, "clock"))->start(kWanted, got.sink());
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::ScreenCaptureFailed);
    EXPECT_NE(started.error().message.find("there are \"browser\""), std::string::npos) << started.error().message;
    EXPECT_EQ(makeScreen(window(server, "0x12345678"))->start(kWanted, got.sink()).error().code, Code::ScreenCaptureFailed);
}

TEST_F(ScreenSource, AServerThatDiesIsToldOfOnceAndTakenUpAgain) {
    XServer server;
    const auto screen = makeScreen(on(server));
    ASSERT_TRUE(screen->start(kWanted, got.sink()));
    ASSERT_TRUE(got.waitMore(3));
    server.kill();
    ASSERT_TRUE(got.waitCode(Code::ScreenCaptureInterrupted));
    server.startAgain();
    ASSERT_TRUE(got.waitCode(Code::ScreenCaptureStarted));
    EXPECT_TRUE(got.waitMore(3));
    EXPECT_EQ(got.codes().size(), 2U);
    EXPECT_EQ(got.formats().size(), 1U);
}

TEST_F(ScreenSource, AChangeOfTheScreensSizeIsFollowed) {
    const XServer server;
    XClient client(server.display());
    const auto screen = makeScreen(on(server));
    ASSERT_TRUE(screen->start(kWanted, got.sink()));
    ASSERT_TRUE(got.waitMore(3));
    client.resizeScreen(400, 300);
    EXPECT_TRUE(got.waitFormat(400, 300));
    EXPECT_TRUE(got.waitFrame([](const VideoFrame& frame) { return frame.width() == 400 && frame.height() == 300; }));
    EXPECT_TRUE(got.codes().empty());
}

TEST_F(ScreenSource, APartThatAChangeOfSizeCutsOffIsToldOfUntilItFitsAgain) {
    const XServer server;
    XClient client(server.display());
    const auto screen = makeScreen(part(server, 300, 200, 200, 200));
    ASSERT_TRUE(screen->start(kWanted, got.sink()));
    ASSERT_TRUE(got.waitMore(3));
    client.resizeScreen(400, 300);
    EXPECT_TRUE(got.waitCode(Code::ScreenRotationFailed));
    client.resizeScreen(640, 480);
    EXPECT_TRUE(got.waitCode(Code::ScreenCaptureStarted));
    EXPECT_TRUE(got.waitMore(3));
    EXPECT_EQ(got.codes().size(), 2U);
}

TEST_F(ScreenSource, AServerThatHangsStopsNeitherTheFramesNorTheStop) {
    XServer server;
    const auto screen = makeScreen(on(server));
    ASSERT_TRUE(screen->start(kWanted, got.sink()));
    ASSERT_TRUE(got.waitMore(3));
    server.hang(true);
    EXPECT_TRUE(got.waitMore(20)) << "the last picture goes on";
    const auto begin = std::chrono::steady_clock::now();
    screen->stop();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    RecordProperty("stop_s", std::to_string(took.count()));
    EXPECT_LT(took.count(), 2) << "0.5 s, and what a loaded machine adds";
    server.hang(false);
}

TEST_F(ScreenSource, AServerThatHangsForLongCountsAsGone) {
    XServer server;
    const auto screen = makeScreen(on(server));
    ASSERT_TRUE(screen->start(kWanted, got.sink()));
    server.hang(true);
    EXPECT_TRUE(got.waitCode(Code::ScreenCaptureInterrupted));
    server.hang(false);
    EXPECT_TRUE(got.waitCode(Code::ScreenCaptureStarted));
    EXPECT_TRUE(got.waitMore(3));
}

TEST_F(ScreenSource, AStartThatWaitsForAHangingServerEndsWhenItIsInterrupted) {
    XServer server;
    server.hang(true);
    const auto screen = makeScreen(on(server));
    std::thread other([&] { screen->interrupt(); });
    const auto started = screen->start(kWanted, got.sink());
    other.join();
    server.hang(false);
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::Cancelled) << started.error().message;
}

TEST_F(ScreenSource, ItCanBeStartedAgain) {
    const XServer server;
    const auto screen = makeScreen(on(server));
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(screen->start(kWanted, got.sink()));
        EXPECT_TRUE(got.waitMore(2));
        screen->stop();
    }
}

TEST_F(ScreenSource, AServerWithoutExtensionsIsReadAllTheSame) {
    const XServer server(640, 480, {"-extension", "MIT-SHM", "-extension", "DAMAGE", "-extension", "XFIXES"});
    XClient client(server.display());
    auto spec = on(server);
    spec.cursor = true;
    const auto screen = makeScreen(spec);
    ASSERT_TRUE(screen->start(kWanted, got.sink()));
    for (const auto colour : {kRed, kGreen}) {
        client.fill(client.root(), colour, 100, 50, 20, 20);
        EXPECT_TRUE(got.waitColour(110, 60, colour));
    }
}

TEST_F(ScreenSource, WithoutCompositeWindowsAreRefusedWithAnotherWay) {
    const XServer server(640, 480, {"-extension", "Composite"});
    XClient client(server.display());
    client.open("clock", kGreen, 10, 10, 200, 120);
    const auto started = makeScreen(window(server, "clock"))->start(kWanted, got.sink());
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::ScreenCaptureUnsupported);
    EXPECT_NE(started.error().message.find("capture its place"), std::string::npos) << started.error().message;
}

}  // namespace
}  // namespace livepusher::capture
