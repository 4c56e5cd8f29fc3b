// SPDX-License-Identifier: MIT
#include "capture/device_lists.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "capture/screen/x_connection.hpp"
#include "capture/source_makers.hpp"
#include "screen_server.hpp"
#include "screen_watch.hpp"
#include "temp_folder.hpp"

namespace livepusher::capture {
namespace {

using test::XClient;
using test::XServer;

/// An environment variable for the length of a test.
class Environment {
public:
    Environment(const char* name, const char* value) : name_(name) {
        if (const char* set = std::getenv(name)) before_ = set;
        value ? setenv(name, value, 1) : unsetenv(name);
    }
    ~Environment() { before_ ? setenv(name_, before_->c_str(), 1) : unsetenv(name_); }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

private:
    const char* const name_;
    std::optional<std::string> before_;
};

Spec screenSpec(const std::string& display = {}) {
    Spec spec;
    spec.kind = SourceKind::Screen;
    spec.target = display;
    return spec;
}

TEST(ScreenList, NamesTheScreenItsMonitorsAndTheWindowsSoThatEachCanBeOpened) {
    if (!XServer::isInstalled()) GTEST_SKIP() << "needs Xvfb (apt-get install xvfb)";
    const XServer server;
    const Environment display("DISPLAY", server.display().c_str());
    XClient client(server.display());
    client.open("The Clock", 0x20c040, 30, 40, 200, 120);
    std::vector<std::string> notes;
    const auto screens = listScreens(notes);
    EXPECT_TRUE(notes.empty());
    ASSERT_EQ(screens.size(), 3U);
    EXPECT_EQ(screens[0].id, server.display() + ".0");
    EXPECT_EQ(screens[0].width, 640);
    EXPECT_EQ(screens[0].height, 480);
    EXPECT_TRUE(screens[0].isDefault);
    EXPECT_EQ(screens[1].id, server.display() + ".0+0,0,640x480");
    EXPECT_EQ(screens[2].name, "The Clock");
    EXPECT_TRUE(screens[2].window);
    EXPECT_EQ(screens[2].left, 30);
    EXPECT_EQ(screens[2].top, 40);
    EXPECT_EQ(screens[2].width, 200);
    for (const auto& screen : screens) {
        const auto spec = parseVideoSpec("screen:" + screen.id);
        ASSERT_TRUE(spec) << screen.id;
        ScreenWatch got;
        const auto source = makeScreen(*spec);
        const auto format = source->start({.width = 640, .height = 480}, got.sink());
        ASSERT_TRUE(format) << screen.id;
        EXPECT_EQ(format->width, screen.width);
        EXPECT_TRUE(got.waitMore(1));
        source->stop();
    }
}

TEST(ScreenList, SaysWhyThereIsNothing) {
    const Environment wayland("WAYLAND_DISPLAY", nullptr);
    std::vector<std::string> notes;
    {
        const Environment display("DISPLAY", nullptr);
        EXPECT_TRUE(listScreens(notes).empty());
        ASSERT_EQ(notes.size(), 1U);
        EXPECT_NE(notes[0].find("set DISPLAY"), std::string::npos) << notes[0];
    }
    const Environment display("DISPLAY", ":93");
    EXPECT_TRUE(listScreens(notes).empty());
    ASSERT_EQ(notes.size(), 2U);
    EXPECT_NE(notes[1].find("no X server runs there"), std::string::npos) << notes[1];
}

TEST(ScreenList, AHangingServerIsWaitedForNoLongerThanASecond) {
    if (!XServer::isInstalled()) GTEST_SKIP() << "needs Xvfb (apt-get install xvfb)";
    XServer server;
    server.hang(true);
    const Environment display("DISPLAY", server.display().c_str());
    std::vector<std::string> notes;
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(listScreens(notes).empty());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5)) << "1 s, and what a loaded machine adds";
    server.hang(false);
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_NE(notes[0].find("does not answer"), std::string::npos) << notes[0];
}

TEST(DisplayName, IsWhatIsAskedForElseWhatTheEnvironmentNames) {
    const Environment display("DISPLAY", ":5");
    EXPECT_EQ(*displayName(":3.1"), ":3.1");
    EXPECT_EQ(*displayName(""), ":5");
}

TEST(DisplayName, WithoutOneTheSourceSaysWhatToDoAndUnderWaylandAnotherThing) {
    const Environment display("DISPLAY", nullptr);
    ScreenWatch got;
    for (const auto& [set, advice] :
         {std::pair<const char*, const char*>{nullptr, "set DISPLAY or name one"},
          {"wayland-0", "Wayland session, whose screen programs can't read: log in to an X11 session"}}) {
        const Environment wayland("WAYLAND_DISPLAY", set);
        const auto started = makeScreen(screenSpec())->start({.width = 640, .height = 480}, got.sink());
        ASSERT_FALSE(started);
        EXPECT_EQ(started.error().code, Code::ScreenCaptureUnsupported);
        EXPECT_NE(started.error().message.find(advice), std::string::npos) << started.error().message;
    }
}

TEST(DisplayName, WhyAConnectionFailsIsToldApart) {
    ScreenWatch got;
    for (const auto& [name, why] :
         {std::pair{":93", "no X server runs there"}, {"nonsense", "is not the name of an X display"}}) {
        const auto started = makeScreen(screenSpec(name))->start({.width = 640, .height = 480}, got.sink());
        ASSERT_FALSE(started);
        EXPECT_EQ(started.error().code, Code::ScreenCaptureFailed);
        EXPECT_NE(started.error().message.find(why), std::string::npos) << started.error().message;
    }
}

TEST(DisplayName, AServerThatRefusesAccessIsToldWithWhatToDo) {
    if (!XServer::isInstalled()) GTEST_SKIP() << "needs Xvfb (apt-get install xvfb)";
    const TempFolder folder;
    // One record of an Xauthority file: any host, any display, a cookie that the client doesn't have.
    const char* name = "MIT-MAGIC-COOKIE-1";
    std::string record{'\xff', '\xff', 0, 0, 0, 0, 0, 18};
    record += std::string(name) + std::string("\0\x10", 2) + "0123456789abcdef";
    std::ofstream(folder.file("owner"), std::ios::binary) << record;
    const Environment authority("XAUTHORITY", folder.file("nobody").c_str());
    const XServer server(640, 480, {"-auth", folder.file("owner")});
    ScreenWatch got;
    const auto started = makeScreen(screenSpec(server.display()))->start({.width = 640, .height = 480}, got.sink());
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::ScreenCaptureFailed);
    EXPECT_NE(started.error().message.find("refused access: set XAUTHORITY"), std::string::npos) << started.error().message;
}

TEST(DisplayName, AScreenNumberThatTheServerHasNotIsTold) {
    if (!XServer::isInstalled()) GTEST_SKIP() << "needs Xvfb (apt-get install xvfb)";
    const XServer server;
    ScreenWatch got;
    const auto started = makeScreen(screenSpec(server.display() + ".3"))->start({.width = 640, .height = 480}, got.sink());
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::ScreenCaptureFailed);
    EXPECT_NE(started.error().message.find("has no screen 3"), std::string::npos) << started.error().message;
}

}  // namespace
}  // namespace livepusher::capture
