// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "capture/source.hpp"
#include "net/network_options.hpp"

namespace livepusher::capture {

struct MusicSettings {
    std::string url;           ///< a file's path, or an http(s) URL
    bool loop = false;         ///< begins again at its end, without a gap
    base::AudioFormat wanted;  ///< what read() gives
    base::NetworkOptions network{};
    /// A server that breaks off or refuses in mid-piece, or where a loop begins again, is asked for the rest for so long, under
    /// silence. The log tells it once each time.
    std::chrono::milliseconds patience{600'000};
};

/// What becomes of a piece of music; on its own thread.
struct MusicEvents {
    /// Once: 500 ms of sound, or all there is, can be read. `duration`: zero where the piece doesn't tell.
    std::function<void(Timestamp duration)> onReady{};
    /// At most once: it could not be opened or decoded, or broke off. What was decoded can still be read. BgmFailed; never a
    /// URL's password or query.
    std::function<void(Error)> onFailed{};
};

/// Background music: fetched and decoded ahead (500 ms) on a thread of its own, so that neither a slow disk nor a slow
/// network holds up who reads. No event comes once the destructor has returned, which is soon, whatever the network does.
class Music {
public:
    virtual ~Music() = default;  ///< [control]
    /// The next samples, interleaved: as many whole frames as are there, at most what `samples` has room for. Answers with
    /// samples written. Fewer than asked: the decoder is late, or the piece is over. Never waits. [audio]
    virtual std::size_t read(std::span<float> samples) = 0;
    /// Everything has been read, or all that came before it failed; never with loop unless it failed. [any-thread]
    virtual bool over() const = 0;
    /// Where in the piece the next read() begins. [any-thread]
    virtual Timestamp position() const = 0;
    virtual Timestamp duration() const = 0;  ///< zero: not known. [any-thread]
    /// Goes on there, clamped to the piece. What had been decoded ahead is dropped: reads are short until the decoder is
    /// there. Errors: BgmFailed when it can't be sought in (a live stream). [any-thread]
    virtual Result<void> seek(Timestamp position) = 0;
};

}  // namespace livepusher::capture
