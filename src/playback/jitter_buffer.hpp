// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "media/packet.hpp"
#include "playback/playout.hpp"
#include "playback/timeline.hpp"

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace livepusher::playback {

/// A packet in media time.
struct Placed {
    Packet packet;
    bool known = false;  ///< was received before, over the connection that was lost: to be decoded and not shown
};

/// What is received and not decoded yet, and all that is decided by its coming. The connection's thread never waits here: when
/// the bound is reached, what is oldest goes. [any-thread], but for what is tagged.
class JitterBuffer {
public:
    static constexpr std::size_t kBytes = 32 << 20;      ///< from here on the newest is played
    static constexpr std::size_t kMostBytes = 48 << 20;  ///< from here on what waits is given up, up to the next key frame

    explicit JitterBuffer(const DelaySettings& settings) : playout_(settings) {}

    void setSettings(const DelaySettings& settings);

    // --- the connections ---------------------------------------------------------------------
    using ConnectionId = std::uint64_t;
    /// What comes from that connection counts from now on.
    void attach(ConnectionId connection);
    /// What comes from that one counts from its first key frame on, or its first sound where there are no pictures.
    void offer(ConnectionId connection);

    struct Taken {
        bool counts = false;    ///< the connection's media is what is played
        bool tookOver = false;  ///< from here on: attach() of what was offered
        bool firstKey = false;  ///< the first key frame of this connection
    };
    Taken take(ConnectionId connection, Packet packet, Timestamp arrival);
    /// The server says that the stream begins, which may be anew.
    void began(ConnectionId connection);

    // --- control -----------------------------------------------------------------------------
    Playout::Orders tick(Timestamp now, Timestamp playhead, Timestamp lead);
    void setPaused(bool paused);
    void skip();
    void ending();
    /// Nothing waits any longer; no thread does either, from now on.
    void close();

    struct Figures {
        Timestamp delay{}, target{}, level{}, skipped{};
        double speed = 1;
        int stalls = 0, skips = 0;
        Timestamp videoSpan{}, audioSpan{};  ///< that waits here, from the playhead on
        std::size_t pictures = 0;            ///< that wait here
        std::optional<Timestamp> newestVideo, newestAudio;
        Timestamp lateness{};    ///< 0.95 of them are below
        Timestamp comingLate{};  ///< of what comes next, at least
        Timestamp newest{};
        std::uint64_t videoBytes = 0, audioBytes = 0;  ///< received
        double gop = 0;                                ///< s between the last two key frames
        Timestamp streamTime{};                        ///< the stream's own count of the newest packet
        Timestamp jitter{};                            ///< RFC 3550's
    };
    Figures figures(Timestamp now, Timestamp playhead) const;

    // --- the lanes ---------------------------------------------------------------------------
    /// The next of the track, if it is there.
    std::optional<Placed> pop(Packet::Track track);
    /// Media time of the next of the track.
    std::optional<Timestamp> next(Packet::Track track) const;
    /// Waits until pictures are there, wake() is called or it is `until`.
    void waitForPictures(std::chrono::steady_clock::time_point until);
    void waitForWake(std::chrono::steady_clock::time_point until);  ///< the same, pictures or not
    void wake();

    /// Up to where there is all that has to be played; empty: nothing has come.
    std::optional<Timestamp> whole() const;
    /// What is here is the last.
    bool isEnding() const;
    /// The sound is not further behind the pictures than what is waited for.
    bool soundAlive() const;

    /// Leaves out pictures up to the last key frame at or before `to`: for who begins to decode there. Whether any were.
    bool dropPicturesTo(Timestamp to);
    /// The same of sound, up to 100 ms before: what decoders have to warm up on.
    void dropSoundTo(Timestamp to);

private:
    struct Track {
        std::deque<Placed> waiting;
        std::optional<Packet> config;  ///< the last that came
        std::optional<Timestamp> newest;
    };
    struct Offered {
        ConnectionId id = 0;
        std::vector<Packet> configs;
        bool pictures = false;
    };

    static std::size_t index(Packet::Track track) { return track == Packet::Track::Video ? 1 : 0; }
    void append(Packet packet, Timestamp arrival);
    void bound();
    void giveUp();
    void forget(std::deque<Placed>& waiting, std::size_t count);
    bool takesOver(const Packet& packet);

    mutable std::mutex mutex_;
    std::condition_variable pictures_;
    bool woken_ = false, closed_ = false;
    ConnectionId connection_ = 0;
    bool keySeen_ = false;  ///< of this connection
    Offered offered_;
    Timeline timeline_;
    Playout playout_;
    std::array<Track, 2> tracks_;
    std::size_t bytes_ = 0;
    bool waitsForKey_ = false;  ///< after giving up
    std::optional<Timestamp> lastKey_;
    std::optional<Timestamp> transit_;
    double jitter_ = 0;  ///< µs
    Figures counted_;
};

}  // namespace livepusher::playback
