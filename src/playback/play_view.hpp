// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/player_events.hpp>
#include <livepusher/player_properties.hpp>
#include <livepusher/preview.hpp>

#include "base/queue.hpp"
#include "display/window.hpp"
#include "session/control_loop.hpp"
#include "session/events.hpp"
#include "session/reply.hpp"

#include <memory>
#include <mutex>
#include <thread>

namespace livepusher::playback {

class PlayViewObserver {
public:
    virtual void windowClosed() = 0;  ///< by the user

protected:
    ~PlayViewObserver() = default;
};

class PlayView {
public:
    struct Settings {
        PreviewWindow window;
        display::WindowFactory makeWindow;
    };
    PlayView(Settings, session::ControlLoop&, session::Events<PlayerHandlers>& events, PlayViewObserver&);
    ~PlayView();
    Result<void> check() const { return {}; }
    void open() {}
    void close(bool clear);
    void follow(const PlayerProperties&) {}
    void tell(PlayerState, const PlayerNetStatus&) {}
    void show(const VideoFrame& frame);
    VideoFrame turned(const VideoFrame& frame) const { return frame; }
    VideoFrame lastShown() const;
    void enterPictureInPicture(session::Reply reply) { reply({}); }
    void exitPictureInPicture(session::Reply reply) { reply({}); }
    void requestFullScreen(int, session::Reply reply) { reply({}); }
    void exitFullScreen(session::Reply reply) { reply({}); }

private:
    class Handler;
    mutable std::mutex mutex_;
    VideoFrame last_;
    std::unique_ptr<Handler> handler_;
};

}  // namespace livepusher::playback
