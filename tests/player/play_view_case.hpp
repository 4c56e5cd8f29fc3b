// SPDX-License-Identifier: MIT
#pragma once

#include "fake_clock.hpp"
#include "fake_desktop.hpp"
#include "playback/play_view.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>

namespace livepusher::playback {

using testing::Desktop;
using testing::Journal;

/// A picture whose first luma pixel is that, the rest grey.
inline VideoFrame picture(std::uint8_t first, int width = 320, int height = 180) {
    auto frame = VideoFrame::allocate(width, height);
    std::fill_n(frame.mutablePlane(0), frame.stride(0) * height, std::uint8_t{200});
    frame.mutablePlane(0)[0] = first;
    return frame;
}

/// A view on a control thread of its own; what happens goes to the journal.
class PlayViewCase : public ::testing::Test, public PlayViewObserver {
protected:
    ~PlayViewCase() override { end(); }

    PlayerHandlers handlers() {
        return {.onFullScreenChange =
                    [this](const FullScreenChangeEvent& e) {
                        journal_.note((e.fullScreen ? "full screen " : "full screen left ") + std::to_string(e.direction));
                    },
                .onEnterPictureInPicture = [this] { journal_.note("entered"); },
                .onLeavePictureInPicture = [this] { journal_.note("left"); }};
    }
    PlayerHandlers withFrames() {
        auto h = handlers();
        h.onVideoFrame = [this](const VideoFrame& frame) {
            journal_.note("handler " + std::to_string(frame.plane(0)[0]) + " " + base::sizeText(frame.width(), frame.height()));
        };
        return h;
    }
    void make(PlayerHandlers handlers, bool window = true, bool hasWindow = true) {
        if (!control_) control_ = std::make_unique<session::ControlLoop>("control");
        events_ = std::make_unique<PlayView::Events>(std::move(handlers), Executor{});
        PlayView::Settings settings{.window = {.enabled = window, .title = "me"},
                                    .makeWindow = hasWindow ? testing::windowsOn(desktop_) : display::WindowFactory{}};
        view_ = std::make_unique<PlayView>(std::move(settings), *control_, *events_, *this);
    }
    /// With a window that shows a picture.
    void makePlaying(PlayerHandlers handlers) {
        make(std::move(handlers));
        on([this] { view_->open(); });
        view_->show(picture(100));
        ASSERT_TRUE(journal_.await("window shows 100"));
    }
    /// Everything that was to be told is told, and everybody is gone; make() begins anew.
    void end() {
        if (view_) on([this] { view_.reset(); });
        if (events_) events_->close();
        events_.reset();
        control_.reset();
    }

    /// On the control thread, done when this returns.
    void on(const std::function<void()>& task) {
        std::promise<void> done;
        control_->post([&] {
            task();
            done.set_value();
        });
        done.get_future().get();
    }
    /// "ok", or why not.
    std::string outcome(const std::function<void(PlayView&, session::Reply)>& method) {
        std::promise<std::string> told;
        control_->post([&] {
            method(*view_, [&](const Result<void>& done) {
                told.set_value(done ? "ok" : std::to_string(static_cast<int>(done.error().code)) + " " + done.error().message);
            });
        });
        return told.get_future().get();
    }
    std::string enter() { return outcome(&PlayView::enterPictureInPicture); }
    std::string exit() { return outcome(&PlayView::exitPictureInPicture); }
    std::string fill(int direction = 0) {
        return outcome([=](PlayView& view, session::Reply reply) { view.requestFullScreen(direction, std::move(reply)); });
    }
    std::string unfill() { return outcome(&PlayView::exitFullScreen); }

    void windowClosed() override { journal_.note("closed by the user"); }
    void formChanged() override {
        journal_.note(view_->inFullScreen() ? "form: full screen" : view_->inPictureInPicture() ? "form: small" : "form: usual");
    }

    FakeClock clock_;
    Journal journal_;
    const std::shared_ptr<Desktop> desktop_ = std::make_shared<Desktop>(journal_);
    std::unique_ptr<session::ControlLoop> control_;
    std::unique_ptr<PlayView::Events> events_;
    std::unique_ptr<PlayView> view_;
};

}  // namespace livepusher::playback
