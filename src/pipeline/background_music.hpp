// SPDX-License-Identifier: MIT
#pragma once

#include "capture/music.hpp"
#include "pipeline/events.hpp"
#include "pipeline/music_feed.hpp"
#include "pipeline/stages.hpp"
#include "session/control_loop.hpp"
#include "session/reply.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace livepusher::pipeline {

/// Background music of one push after another: loads a piece, hands it to the sound lane, and tells how it goes. Belongs
/// to the control thread.
class BackgroundMusic {
public:
    BackgroundMusic(Stages::MakeMusic make, session::ControlLoop& control, Events& events);
    ~BackgroundMusic() { end(); }
    BackgroundMusic(const BackgroundMusic&) = delete;
    BackgroundMusic& operator=(const BackgroundMusic&) = delete;

    void begin(base::AudioFormat format);  ///< a push begins, and no lane reads the feed yet
    void end();                            ///< it is over, and no lane reads any more
    void hold(bool on);                    ///< the push is paused, or not live yet: so is the music

    /// Answers once the piece can be heard. What plays goes on until then.
    void play(capture::MusicSettings settings, session::Reply reply);
    Result<void> pause();  ///< Errors of these: InvalidState
    Result<void> resume();
    Result<void> stop();
    void seek(Timestamp to, session::Reply reply);

    MusicFeed& feed() { return feed_; }  ///< for the lane

private:
    /// A piece that is loaded, or will be.
    struct Piece {
        std::shared_ptr<capture::Music> music;
        session::Reply reply;                                     // of play(), until it is loaded
        std::vector<std::pair<Timestamp, session::Reply>> seeks;  // wanted while it was loaded
        bool loaded = false, told = false, failed = false;
    };
    struct Seek {
        std::uint64_t number;
        session::Reply reply;
    };

    void loaded(const std::shared_ptr<Piece>& piece);
    void failed(const std::shared_ptr<Piece>& piece, const Error& error);
    void follow();
    void watch();
    void endPlaying();
    void answerSeeks(const std::optional<Error>& otherwise);
    void answer(const std::shared_ptr<Piece>& piece, const Result<void>& outcome);
    Result<void> needMusic() const;

    const Stages::MakeMusic make_;
    session::ControlLoop& control_;
    Events& events_;
    MusicFeed feed_;
    base::AudioFormat format_;
    std::shared_ptr<Piece> loading_, playing_;
    /// Exchanged ones that the lane may not have let go of yet.
    std::vector<std::shared_ptr<capture::Music>> leaving_;
    std::vector<Seek> seeks_;
    bool open_ = false, held_ = false, paused_ = false;
    bool watching_ = false;
    session::ControlLoop::Clock::time_point lastTold_{};
    session::Lifetime alive_;
};

}  // namespace livepusher::pipeline
