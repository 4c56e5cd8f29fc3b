// SPDX-License-Identifier: MIT
// What the real window puts on a screen, read back from an X server of the test's own.

#include "corners.hpp"
#include "display/windows.hpp"
#include "media/orientation.hpp"
#include "screen_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace livepusher::display {
namespace {

using test::Corners;
using test::XClient;
using test::XServer;

constexpr int kScreenWidth = 801, kScreenHeight = 600;
constexpr std::uint32_t kEscape = 0xff1b, kLowerF = 'f', kLowerG = 'g';  // keysyms

/// Which of the colours of test::quarters(): 0..3, -2 for black, -1 for none of these.
int quarterOf(std::uint32_t pixel) {
    const int red = pixel >> 16 & 0xff, green = pixel >> 8 & 0xff, blue = pixel & 0xff;
    if (std::max({red, green, blue}) < 20) return -2;
    if (red > 100 && green < 60 && blue < 60) return 0;
    if (blue > 180 && red < 80) return 1;
    if (green > 150 && red < 90 && blue < 90) return 2;
    if (std::min({red, green, blue}) > 180) return 3;
    return -1;
}

class WindowPixels : public ::testing::Test {
protected:
    void SetUp() override {
        if (!XServer::isInstalled()) GTEST_SKIP() << "needs Xvfb (apt-get install xvfb)";
        server_ = std::make_unique<XServer>(kScreenWidth, kScreenHeight);
        client_ = std::make_unique<XClient>(server_->display());
        unsetenv("WAYLAND_DISPLAY");
        unsetenv("SDL_VIDEODRIVER");
        setenv("DISPLAY", server_->display().c_str(), 1);
        setenv("SDL_RENDER_DRIVER", "software", 1);
        window_ = makeSdlWindow();
    }
    void open(int width, int height) {
        const auto opened = window_->open({.enabled = true, .title = "pixels", .width = width, .height = height}, 320, 240);
        ASSERT_TRUE(opened) << opened.error().message;
    }
    void setForm(Form form, Rotation turn = Rotation::None) {
        const auto changed = window_->setForm(form, turn);
        ASSERT_TRUE(changed) << changed.error().message;
    }
    XClient::Found place() { return client_->find("pixels"); }

    /// What the server has told SDL may take a moment to come.
    template <typename Holds>
    bool eventually(Holds holds) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!holds()) {
            if (std::chrono::steady_clock::now() > end) return false;
            std::this_thread::yield();
        }
        return true;
    }
    /// That many of them, and no more.
    std::vector<Key> keys(std::size_t count) {
        std::vector<Key> all;
        EXPECT_TRUE(eventually([&] {
            window_->poll();
            const auto more = window_->keys();
            all.insert(all.end(), more.begin(), more.end());
            return all.size() >= count;
        }));
        return all;
    }

    /// The corners of that part of the window.
    Corners cornersIn(const base::Rect& part) {
        const auto at = place();
        const auto pixels = client_->pixels(at.left + part.x, at.top + part.y, part.width, part.height);
        // A pixel inside: the scaling may mix the outermost with the black beside it.
        const auto pixel = [&](int x, int y) { return quarterOf(pixels[static_cast<std::size_t>(y * part.width + x)]); };
        const int right = part.width - 2, bottom = part.height - 2;
        return {{pixel(1, 1), pixel(right, 1), pixel(1, bottom), pixel(right, bottom)}};
    }
    Corners cornersOfTheWindow() {
        const auto at = place();
        return cornersIn({0, 0, at.width, at.height});
    }
    /// The outermost pixels of the window are all of the picture.
    bool bordersNothingBlack() {
        const auto at = place();
        const auto pixels = client_->pixels(at.left, at.top, at.width, at.height);
        for (int y = 0; y < at.height; ++y)
            for (int x = 0; x < at.width; ++x)
                if ((y == 0 || x == 0 || y == at.height - 1 || x == at.width - 1) &&
                    quarterOf(pixels[static_cast<std::size_t>(y * at.width + x)]) == -2)
                    return false;
        return true;
    }

    static constexpr Corners kUpright{{0, 1, 2, 3}};
    static constexpr Corners kBlack{{-2, -2, -2, -2}};
    std::unique_ptr<XServer> server_;
    std::unique_ptr<XClient> client_;
    std::unique_ptr<Window> window_;
};

constexpr Rotation kTurns[] = {Rotation::None, Rotation::Cw90, Rotation::Cw180, Rotation::Cw270};

TEST_F(WindowPixels, ContainShowsAllOfThePictureBetweenBarsHoweverItIsTurned) {
    open(400, 200);
    for (const auto turn : kTurns) {
        window_->show(test::quarters(320, 240), {ObjectFit::contain, turn});
        const bool onItsSide = turn == Rotation::Cw90 || turn == Rotation::Cw270;
        const base::Rect seen = onItsSide ? base::Rect{125, 0, 150, 200} : base::Rect{66, 0, 267, 200};
        EXPECT_EQ(cornersIn(seen), test::seen(kUpright, turn, false)) << static_cast<int>(turn);
        EXPECT_EQ(cornersIn({0, 0, seen.x - 1, 200}), kBlack) << "the bar at the left, " << static_cast<int>(turn);
        EXPECT_EQ(cornersIn({seen.x + seen.width + 1, 0, 400 - seen.x - seen.width - 1, 200}), kBlack) << "at the right";
    }
}

TEST_F(WindowPixels, FillCropLeavesNothingBlackInWindowsOfAnySizeHoweverThePictureIsTurned) {
    open(400, 200);
    for (const auto& [width, height] : {std::pair{400, 200}, {401, 200}, {200, 401}, {333, 222}, {321, 241}}) {
        client_->place(place().window, 10, 10, width, height);
        for (const auto turn : kTurns) {
            EXPECT_TRUE(eventually([&] {
                window_->poll();
                window_->show(test::quarters(320, 240), {ObjectFit::fillCrop, turn});
                return place().width == width && place().height == height && bordersNothingBlack() &&
                       cornersOfTheWindow() == test::seen(kUpright, turn, false);
            })) << width
                << "x" << height << " turned by " << static_cast<int>(turn) << ": " << cornersOfTheWindow();
        }
    }
}

TEST_F(WindowPixels, TellsWhatOfThePictureFillCropLetsBeSeen) {
    open(400, 200);
    const auto frame = test::quarters(320, 240);
    EXPECT_EQ(window_->seenOf(frame, {}), (base::Rect{0, 0, 320, 240}));
    EXPECT_EQ(window_->seenOf(frame, {ObjectFit::fillCrop, Rotation::None}), (base::Rect{0, 40, 320, 160}));
    EXPECT_EQ(window_->seenOf(frame, {ObjectFit::fillCrop, Rotation::Cw90}), (base::Rect{100, 0, 120, 240}));
}

TEST_F(WindowPixels, APicturesOwnTurnMirrorAndPixelAspectAreSeen) {
    open(400, 200);
    for (const auto turn : kTurns) {
        auto frame = test::quarters(320, 240);
        frame.rotation = turn;
        frame.mirrored = true;
        window_->show(frame, {ObjectFit::fillCrop, Rotation::Cw90});
        const auto own = test::seen(kUpright, turn, true);
        EXPECT_EQ(cornersOfTheWindow(), test::seen(own, Rotation::Cw90, false)) << static_cast<int>(turn);
    }
    auto wide = test::quarters(200, 200);
    wide.sampleAspectNum = 2;
    window_->show(wide, {});
    EXPECT_EQ(cornersOfTheWindow(), kUpright) << "as wide as the window";
}

TEST_F(WindowPixels, FullScreenIsAllOfTheScreenTurnedAsToldAndThenEverythingIsAsBefore) {
    open(400, 200);
    window_->show(test::quarters(400, 200), {});
    const auto before = place();
    setForm(Form::FullScreen);
    auto now = place();
    EXPECT_EQ(std::pair(now.width, now.height), std::pair(kScreenWidth, kScreenHeight));
    EXPECT_EQ(std::pair(now.left, now.top), std::pair(0, 0));
    EXPECT_EQ(cornersIn({0, 100, kScreenWidth, 400}), kUpright) << "drawn without another picture";
    EXPECT_EQ(cornersIn({0, 0, kScreenWidth, 99}), kBlack) << "the bar above";
    setForm(Form::FullScreen, Rotation::Cw270);
    EXPECT_EQ(cornersIn({251, 0, 299, kScreenHeight}), test::seen(kUpright, Rotation::Cw270, false));
    window_->show(test::quarters(400, 200), {ObjectFit::fillCrop, Rotation::Cw90});
    EXPECT_EQ(cornersOfTheWindow(), kUpright) << "both turns";
    setForm(Form::Normal);
    now = place();
    EXPECT_EQ(std::tuple(now.left, now.top, now.width, now.height),
              std::tuple(before.left, before.top, before.width, before.height));
    EXPECT_EQ(cornersOfTheWindow(), test::seen(kUpright, Rotation::Cw90, false)) << "the layout of the last picture";
}

TEST_F(WindowPixels, TheSmallWindowHasTheShapeOfThePictureAsItIsSeen) {
    open(400, 200);
    window_->show(test::quarters(400, 200), {});
    setForm(Form::FullScreen);
    setForm(Form::Floating);
    EXPECT_EQ(std::pair(place().width, place().height), std::pair(200, 100));
    EXPECT_EQ(cornersOfTheWindow(), kUpright);
    window_->show(test::quarters(400, 200), {ObjectFit::contain, Rotation::Cw270});
    EXPECT_TRUE(eventually([&] {
        window_->poll();
        return std::pair(place().width, place().height) == std::pair(100, 200) &&
               cornersOfTheWindow() == test::seen(kUpright, Rotation::Cw270, false);
    }));
    setForm(Form::Normal);
    EXPECT_EQ(std::pair(place().width, place().height), std::pair(400, 200)) << "as before full screen";
}

TEST_F(WindowPixels, TellsTheKeysEscapeAndFInOrderAndNoOthers) {
    open(400, 200);
    window_->show(test::quarters(320, 240), {});
    window_->poll();
    EXPECT_TRUE(window_->keys().empty());
    for (const auto key : {kLowerF, kLowerG, kEscape, kLowerF}) client_->press(place().window, key);
    EXPECT_EQ(keys(3), (std::vector{Key::F, Key::Escape, Key::F}));
    setForm(Form::FullScreen);
    window_->poll();
    client_->press(place().window, kEscape);
    EXPECT_EQ(keys(1), std::vector{Key::Escape});
}

}  // namespace
}  // namespace livepusher::display
