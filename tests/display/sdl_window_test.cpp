// SPDX-License-Identifier: MIT
// The real window on SDL's own "dummy" driver, which needs no desktop; with a desktop: window_pixels_test.cpp and
// tests/integration/preview_test.py.

#include "display/sdl.hpp"
#include "display/windows.hpp"

#include <gtest/gtest.h>

#include <dlfcn.h>

#include <cstdlib>
#include <future>
#include <string>

namespace livepusher::display {
namespace {

class SdlWindowTest : public ::testing::Test {
protected:
    SdlWindowTest() {
        unsetenv("DISPLAY");
        unsetenv("WAYLAND_DISPLAY");
        setenv("SDL_VIDEODRIVER", "dummy", 1);
        setenv("SDL_RENDER_DRIVER", "software", 1);
    }

    const PreviewWindow wanted_{.enabled = true};
};

TEST_F(SdlWindowTest, IsWhatThisBuildMakes) { EXPECT_TRUE(windowFactory()); }

TEST_F(SdlWindowTest, ShowsPicturesOfAnySizeAndMatrixInEveryForm) {
    const auto window = makeSdlWindow();
    const auto opened = window->open(wanted_, 640, 360);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_TRUE(window->setForm(Form::Normal, Rotation::None)) << "no change is none";
    for (const auto form : {Form::Normal, Form::Floating, Form::FullScreen, Form::Floating, Form::Normal}) {
        const auto changed = window->setForm(form, Rotation::None);
        ASSERT_TRUE(changed) << changed.error().message;
        for (const auto& [width, height] : {std::pair{640, 360}, std::pair{360, 640}, std::pair{16, 16}}) {
            auto frame = VideoFrame::allocate(width, height);
            window->show(frame, {});
            frame.bt709 = false;
            window->show(frame, {});
            EXPECT_EQ(window->poll(), Happened::Nothing);
        }
    }
}

TEST_F(SdlWindowTest, CanBeOpenedAgainOnAnotherThreadWhenTheFirstHasGone) {
    for (int i = 0; i < 3; ++i) {
        std::async(std::launch::async, [this] {
            const auto window = makeSdlWindow();
            EXPECT_TRUE(window->open(wanted_, 320, 240));
            window->show(VideoFrame::allocate(320, 240), {});
        }).get();
    }
}

TEST_F(SdlWindowTest, ASecondOneAtATimeIsRefusedWithTheReasonAndTheFirstStays) {
    const auto first = makeSdlWindow();
    ASSERT_TRUE(first->open(wanted_, 320, 240));
    std::async(std::launch::async, [this] {
        const auto second = makeSdlWindow();
        const auto opened = second->open(wanted_, 320, 240);
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, Code::NotAvailable);
        EXPECT_NE(opened.error().message.find("in use in this process"), std::string::npos) << opened.error().message;
    }).get();
    first->show(VideoFrame::allocate(320, 240), {});
    EXPECT_EQ(first->poll(), Happened::Nothing);
}

TEST_F(SdlWindowTest, LeavesTheSettingsOfSdlToTheApplication) {
    ASSERT_TRUE(loadSdl());
    const auto hint = [](const char* name) { return std::string(sdl().SDL_GetHint(name) ? sdl().SDL_GetHint(name) : ""); };
    ASSERT_EQ(sdl().SDL_SetHintWithPriority(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "0", SDL_HINT_NORMAL), SDL_TRUE);
    const auto signals = hint(SDL_HINT_NO_SIGNAL_HANDLERS);
    {
        const auto window = makeSdlWindow();
        ASSERT_TRUE(window->open(wanted_, 320, 240));
        EXPECT_EQ(hint(SDL_HINT_NO_SIGNAL_HANDLERS), "1");
        EXPECT_EQ(hint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER), "0") << "the application's own choice";
        EXPECT_EQ(sdl().SDL_WasInit(0) & (SDL_INIT_AUDIO | SDL_INIT_JOYSTICK), 0U);
    }
    EXPECT_EQ(hint(SDL_HINT_NO_SIGNAL_HANDLERS), signals);
    EXPECT_EQ(hint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER), "0");
    EXPECT_EQ(sdl().SDL_WasInit(0), 0U);
    sdl().SDL_ResetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER);
}

TEST_F(SdlWindowTest, CountsTheNotchesOfTheWheelOverItself) {
    const auto window = makeSdlWindow();
    ASSERT_TRUE(window->open(wanted_, 320, 240));
    window->poll();
    EXPECT_EQ(window->wheel(), 0);
    void* library = dlopen("libSDL2-2.0.so.0", RTLD_LAZY | RTLD_NOLOAD);
    ASSERT_TRUE(library);
    const auto push = reinterpret_cast<int (*)(SDL_Event*)>(dlsym(library, "SDL_PushEvent"));
    ASSERT_TRUE(push);
    // Its number is not known here: to each number one could have, three notches up, and one with the wheel that is the
    // other way round; another window's don't count.
    for (Uint32 id = 1; id <= 64; ++id) {
        SDL_Event event{};
        event.type = SDL_MOUSEWHEEL;
        event.wheel.windowID = id;
        event.wheel.y = 3;
        push(&event);
        event.wheel.y = 1;
        event.wheel.direction = SDL_MOUSEWHEEL_FLIPPED;
        push(&event);
    }
    window->poll();
    EXPECT_EQ(window->wheel(), 2);
    EXPECT_EQ(window->wheel(), 0);
    dlclose(library);
}

TEST_F(SdlWindowTest, WithoutADesktopSaysSo) {
    unsetenv("SDL_VIDEODRIVER");
    const auto window = makeSdlWindow();
    const auto opened = window->open(wanted_, 320, 240);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::NotAvailable);
    EXPECT_NE(opened.error().message.find("neither DISPLAY nor WAYLAND_DISPLAY is set"), std::string::npos);
}

TEST_F(SdlWindowTest, ADesktopThatCantBeReachedIsNamed) {
    unsetenv("SDL_VIDEODRIVER");
    setenv("DISPLAY", ":4711", 1);
    const auto window = makeSdlWindow();
    const auto opened = window->open(wanted_, 320, 240);
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().message.find("DISPLAY=:4711"), std::string::npos) << opened.error().message;
}

}  // namespace
}  // namespace livepusher::display
