// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>
#include <livepusher/player_events.hpp>
#include <livepusher/player_properties.hpp>
#include <livepusher/preview.hpp>

#include "display/window.hpp"
#include "playback/view.hpp"
#include "session/control_loop.hpp"
#include "session/events.hpp"
#include "session/picture_handler.hpp"
#include "session/reply.hpp"
#include "session/view_window.hpp"

#include <functional>
#include <memory>
#include <mutex>

namespace livepusher::playback {

class PlayViewObserver {
public:
    virtual void windowClosed() = 0;  ///< by the user: playing goes on as it did
    virtual void formChanged() {}     ///< of picture-in-picture or full screen, by whomever

protected:
    ~PlayViewObserver() = default;
};

/// What an application sees of a player: brings its pictures to a window and to the application's handler, each on a thread of
/// its own, so that neither holds up the playing or the other. Belongs to the control thread, but for show(), turned() and
/// lastShown().
class PlayView final : public session::ViewWindowObserver {
public:
    using Events = session::Events<PlayerHandlers>;
    struct Settings {
        PreviewWindow window;
        display::WindowFactory makeWindow;  ///< empty: this build has none
    };
    /// `events` has the application's handlers of pictures, of picture-in-picture and of the full screen.
    PlayView(Settings settings, session::ControlLoop& control, Events& events, PlayViewObserver& observer);
    ~PlayView();
    PlayView(const PlayView&) = delete;
    PlayView& operator=(const PlayView&) = delete;

    /// Whether what was asked for can be had. Errors: InvalidArgument; NotAvailable in a build without a window.
    Result<void> check() const { return window_.check(); }
    bool watched() const { return handler_ || window_.exists(); }  ///< there is somebody to show pictures to

    /// From now on show() counts. The window opens with the first picture, in its size; so it comes back when the user has
    /// closed it before.
    void open();
    /// What show() brings counts no more. `clear`: the window goes, and with it picture-in-picture and full screen; else
    /// everything stays as it is, with the last picture.
    void close(bool clear);
    void follow(const PlayerProperties& properties);  ///< from the next picture on; the one that stands there is drawn again
    void tell(PlayerState state, const PlayerNetStatus& status);  ///< for the property `debug`

    // Errors, of all four: InvalidState where it is so already, or a change is on its way, or nothing is played or shows it;
    // NotAvailable where the desktop can't.
    void enterPictureInPicture(session::Reply reply);
    void exitPictureInPicture(session::Reply reply);
    /// `direction`: 0, 90 for turned counter-clockwise, or -90 for clockwise. Errors: also InvalidArgument.
    void requestFullScreen(int direction, session::Reply reply);
    void exitFullScreen(session::Reply reply);
    bool inPictureInPicture() const { return window_.form().form == display::Form::Floating; }
    bool inFullScreen() const { return window_.form().form == display::Form::FullScreen; }

    void show(const VideoFrame& frame);                ///< who is slow misses pictures. [show]
    VideoFrame turned(const VideoFrame& frame) const;  ///< as View::turned(): what is seen, without statistics. [any-thread]
    VideoFrame lastShown() const;                      ///< as it was decoded; empty while there is none. [any-thread]

private:
    void formChanged(const session::ViewForm& before, const session::ViewForm& now) override;
    void viewDismissed() override { observer_->windowClosed(); }
    void viewKeyPressed(display::Key key) override;
    void change(session::ViewForm to, const char* whyNot, session::Reply reply);
    void firstShown();
    void drawAgain();
    void draw(const VideoFrame& frame);

    Events& events_;
    PlayViewObserver* observer_;  // which may be going too in the destructor: then none
    const std::shared_ptr<View> view_ = std::make_shared<View>();

    mutable std::mutex mutex_;  // also keeps the order of the pictures that go to the window
    bool open_ = false;
    bool waitsForFirst_ = false;
    VideoFrame last_;

    std::unique_ptr<session::PictureHandler<VideoFrame>> handler_;
    session::ViewWindow window_;
    session::Lifetime alive_;
    const std::function<void()> firstShown_;  // told by show()
};

}  // namespace livepusher::playback
