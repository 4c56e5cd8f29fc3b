// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "media/packet.hpp"

namespace livepusher::playback {

/// Turns the time stamps of a received stream, which count milliseconds in 32 bits and may begin anew at any moment, into
/// media time: one count for both tracks that begins about zero, never goes back in a track and follows arrival where the
/// stream's own count leaps. A leap is told by nothing but the stamps. A hole that one track has while the other goes on stays
/// one. Pure: moments come with the packets. Belongs to one thread.
class Timeline {
public:
    /// A step of a track beyond these is a leap.
    static constexpr Timestamp kForward{2'000'000}, kBack{1'000'000};
    /// How much media of a new count there may be until the other track has leapt to it, too.
    static constexpr Timestamp kToFollow{1'000'000};
    /// After a reconnect, what lies so near to the last of before goes on with its count.
    static constexpr Timestamp kContinuedBack{15'000'000}, kContinuedForward{60'000'000};

    struct Place {
        Timestamp dts{}, pts{};  ///< media time
        bool leapt = false;      ///< the first packet of a new count
        bool known = false;      ///< was received on the connection before, too: to be decoded and not shown
    };

    /// Stamps as the stream has them, modulo 2^32 ms; `arrival` on now()'s clock. Decoding order of each track.
    Place place(Packet::Track track, Timestamp dts, Timestamp pts, Timestamp arrival);

    /// The stream comes over another connection from here on: its stamps may overlap or leave out more than a leap would.
    void reconnected();
    /// The server tells that the stream begins: a step back of its first packets is a leap from kBackAtStart on.
    void began();
    /// The track's codec configuration is another: as began(), and after a reconnect it is not the stream of before.
    void configChanged(Packet::Track track);
    static constexpr Timestamp kBackAtStart{200'000};

    int leaps() const { return leaps_; }

private:
    struct Track {
        std::optional<Timestamp> offset;  ///< media time minus the stream's; empty: nothing has come
        Timestamp last{};                 ///< media time of the latest packet
        std::optional<Timestamp> oldOffset;
        Timestamp oldLast{};
        Timestamp received{};  ///< media time of the latest packet before the reconnect
        bool continues = false;
        bool repeats = false;
        bool attentive = false;
    };

    Timestamp unwrapped(Timestamp stamp);
    bool near(Timestamp media, Timestamp last, const Track& track) const;
    std::optional<Timestamp> knownOffset(const Track& track, const Track& other, Timestamp raw) const;
    Timestamp leap(Timestamp raw, Timestamp arrival);

    std::array<Track, 2> tracks_;
    std::optional<Timestamp> lastRaw_;
    std::optional<Timestamp> newOffset_;  ///< of the latest leap
    Timestamp leapAt_{};                  ///< media time at which it began
    Timestamp newOffsetEnd_{};            ///< media time that has come of it
    Timestamp newest_{}, newestArrival_{};
    int leaps_ = 0;
};

}  // namespace livepusher::playback
