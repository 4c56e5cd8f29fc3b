// SPDX-License-Identifier: MIT
// Picture-in-picture and full screen.
#include "playback/play_view.hpp"

#include "play_view_case.hpp"

namespace livepusher::playback {
namespace {

using display::Happened;
using display::Key;

class PlayViewFormTest : public PlayViewCase {};

TEST_F(PlayViewFormTest, TheWindowFloatsAndComesBackEachWithItsEvent) {
    makePlaying(handlers());
    EXPECT_EQ(exit(), "20002 the player is not in picture-in-picture");
    EXPECT_EQ(enter(), "ok");
    EXPECT_TRUE(journal_.await("entered"));
    EXPECT_TRUE(view_->inPictureInPicture());
    EXPECT_EQ(enter(), "20002 the player is in picture-in-picture already");
    EXPECT_EQ(exit(), "ok");
    EXPECT_TRUE(journal_.await("left"));
    EXPECT_EQ(journal_.seen("window as before"), 1U);
}

TEST_F(PlayViewFormTest, TheWindowFillsTheScreenTurnedByTheDirection) {
    makePlaying(handlers());
    EXPECT_EQ(unfill(), "20002 the player is not in full screen");
    EXPECT_EQ(fill(), "ok");
    EXPECT_TRUE(journal_.await("full screen 0"));
    EXPECT_EQ(fill(), "20002 the player is in full screen already");
    EXPECT_EQ(fill(90), "ok") << "another direction is another form";
    EXPECT_TRUE(journal_.await("full screen 90"));
    EXPECT_EQ(journal_.seen("window fills the screen 270"), 1U) << "counter-clockwise";
    EXPECT_EQ(fill(-90), "ok");
    EXPECT_EQ(journal_.seen("window fills the screen 90"), 1U);
    EXPECT_EQ(unfill(), "ok");
    EXPECT_TRUE(journal_.await("full screen left -90"));
    EXPECT_EQ(journal_.holding("full screen left"), 1U) << "a change of direction leaves nothing";
    for (const int wrong : {45, 180, 270, -1})
        EXPECT_EQ(fill(wrong), "20001 direction " + std::to_string(wrong) + ": must be 0, 90 or -90");
}

TEST_F(PlayViewFormTest, FromTheSmallWindowToTheFullScreenAndBackTellsWhatIsLeftAndWhatIsEntered) {
    makePlaying(handlers());
    ASSERT_EQ(enter(), "ok");
    EXPECT_EQ(fill(), "ok");
    EXPECT_TRUE(journal_.await("left"));
    EXPECT_TRUE(journal_.await("full screen 0"));
    EXPECT_EQ(exit(), "20002 the player is not in picture-in-picture");
    EXPECT_EQ(enter(), "ok");
    EXPECT_TRUE(journal_.await("full screen left 0"));
    EXPECT_TRUE(journal_.await("entered", 2));
    EXPECT_EQ(unfill(), "20002 the player is not in full screen");
    EXPECT_EQ(exit(), "ok");
    EXPECT_TRUE(journal_.await("left", 2));
}

TEST_F(PlayViewFormTest, ThePictureIsDrawnAgainInTheNewForm) {
    makePlaying(handlers());
    ASSERT_EQ(fill(), "ok");
    EXPECT_TRUE(journal_.await("window shows 100", 2));
}

TEST_F(PlayViewFormTest, BeforeAnythingIsPlayedItFails) {
    make(handlers());
    EXPECT_EQ(fill(), "20002 nothing is played; start() first");
    EXPECT_EQ(enter(), "20002 nothing is played; start() first");
    on([this] { view_->open(); });
    EXPECT_EQ(fill(), "ok") << "while it connects";
    EXPECT_TRUE(journal_.await("full screen 0"));
}

TEST_F(PlayViewFormTest, WithoutAWindowTheApplicationThatDrawsThePicturesHearsTheEvents) {
    make(withFrames(), false, false);
    on([this] { view_->open(); });
    EXPECT_EQ(enter(), "ok");
    EXPECT_TRUE(journal_.await("entered"));
    EXPECT_EQ(fill(90), "ok");
    EXPECT_TRUE(journal_.await("full screen 90"));
    EXPECT_TRUE(journal_.await("left"));
    EXPECT_EQ(unfill(), "ok");
    EXPECT_TRUE(journal_.await("full screen left 90"));
}

TEST_F(PlayViewFormTest, WhereNothingShowsThePictureItFailsAndSaysWhatIsMissing) {
    make(handlers(), false);
    on([this] { view_->open(); });
    for (const auto& told : {fill(), enter()})
        EXPECT_EQ(
            told,
            "20002 nothing shows the player's picture: turn PlayerOptions::window on, or draw the pictures of onVideoFrame");
    end();
    make(handlers(), false, false);
    on([this] { view_->open(); });
    EXPECT_EQ(
        fill(),
        "20003 this build has no player window (CMake: LIVEPUSHER_WITH_SDL), and nothing draws the pictures of onVideoFrame");
    EXPECT_EQ(journal_.holding("full screen"), 0U);
}

TEST_F(PlayViewFormTest, WithoutADesktopItFailsWithTheReasonAndTheHandlerGoesOn) {
    desktop_->openError = {Code::NotAvailable, "no desktop"};
    auto h = handlers();
    make(std::move(h));
    on([this] { view_->open(); });
    EXPECT_EQ(fill(), "20003 no desktop");
    EXPECT_EQ(journal_.holding("full screen"), 0U);
}

TEST_F(PlayViewFormTest, AChangeThatTheDesktopRefusesLeavesEverythingAsItWas) {
    makePlaying(handlers());
    ASSERT_EQ(fill(90), "ok");
    desktop_->formError = {Code::NotAvailable, "no such form"};
    EXPECT_EQ(enter(), "20003 no such form");
    EXPECT_TRUE(view_->inFullScreen());
    EXPECT_EQ(journal_.seen("entered"), 0U);
    EXPECT_EQ(journal_.seen("full screen left 90"), 0U);
}

TEST_F(PlayViewFormTest, ASecondRequestWhileOneIsUnderWayIsRefusedAndCloseOvertakesTheFirst) {
    makePlaying(handlers());
    std::promise<void> gate;
    desktop_->onForm = [&, opened = gate.get_future().share()] {
        journal_.note("form waits");
        opened.wait();
    };
    control_->post([this] {
        view_->requestFullScreen(0, [this](const Result<void>& done) {
            journal_.note("request: " + (done ? std::string("ok") : done.error().message));
        });
    });
    ASSERT_TRUE(journal_.await("form waits"));
    for (const auto& told : {fill(90), unfill(), enter(), exit()})
        EXPECT_EQ(told, "20002 the last change of picture-in-picture or full screen is still under way");
    on([this] { view_->close(true); });
    EXPECT_TRUE(journal_.await("request: the player's picture was closed"));
    gate.set_value();
    EXPECT_TRUE(journal_.await("window gone"));
    end();
    EXPECT_EQ(journal_.holding("request:"), 1U);
    EXPECT_EQ(journal_.holding("full screen"), 0U);
}

TEST_F(PlayViewFormTest, TheUsersClosingTheWindowLeavesItsForm) {
    makePlaying(handlers());
    ASSERT_EQ(enter(), "ok");
    desktop_->happens = Happened::Closed;
    EXPECT_TRUE(journal_.await("left"));
    EXPECT_TRUE(journal_.await("closed by the user"));
    EXPECT_EQ(journal_.seen("form: small"), 1U);
    EXPECT_EQ(journal_.seen("form: usual"), 1U);
    EXPECT_EQ(fill(-90), "ok") << "in a new window";
    EXPECT_TRUE(journal_.await("window me 320x180", 2));
    EXPECT_TRUE(journal_.await("window shows 100", 2)) << "which has the picture at once";
    desktop_->happens = Happened::Closed;
    EXPECT_TRUE(journal_.await("full screen left -90"));
    EXPECT_TRUE(journal_.await("closed by the user", 2));
}

TEST_F(PlayViewFormTest, ADesktopThatGoesAwayLeavesTheFormAndIsNoClosingByTheUser) {
    makePlaying(withFrames());
    ASSERT_EQ(fill(), "ok");
    desktop_->happens = Happened::Lost;
    EXPECT_TRUE(journal_.await("full screen left 0"));
    view_->show(picture(101));
    EXPECT_TRUE(journal_.await("handler 101 320x180"));
    EXPECT_EQ(journal_.seen("closed by the user"), 0U);
    EXPECT_EQ(fill(), "ok") << "the application, which draws, is asked";
}

TEST_F(PlayViewFormTest, KeyFTogglesTheFullScreenAndEscapeLeavesIt) {
    makePlaying(handlers());
    desktop_->press(Key::Escape);
    desktop_->press(Key::F);
    EXPECT_TRUE(journal_.await("full screen 0"));
    desktop_->press(Key::F);
    EXPECT_TRUE(journal_.await("full screen left 0"));
    ASSERT_EQ(fill(90), "ok");
    desktop_->press(Key::Escape);
    EXPECT_TRUE(journal_.await("full screen left 90"));
    ASSERT_EQ(enter(), "ok");
    desktop_->press(Key::F);
    EXPECT_TRUE(journal_.await("left"));
    EXPECT_TRUE(journal_.await("full screen 0", 2));
    desktop_->press(Key::Escape);
    EXPECT_TRUE(journal_.await("full screen left 0", 2));
    EXPECT_EQ(journal_.seen("window as before"), 3U);
}

TEST_F(PlayViewFormTest, AKeyThatTheDesktopCantFollowChangesNothing) {
    makePlaying(handlers());
    desktop_->formError = {Code::NotAvailable, "no such form"};
    desktop_->onForm = [this] { journal_.note("form asked for"); };
    desktop_->press(Key::F);
    ASSERT_TRUE(journal_.await("form asked for"));
    std::string told;
    do told = fill();
    while (told.find("under way") != std::string::npos);
    EXPECT_EQ(told, "20003 no such form") << "it can be asked for again";
    EXPECT_EQ(journal_.holding("full screen"), 0U);
}

}  // namespace
}  // namespace livepusher::playback
