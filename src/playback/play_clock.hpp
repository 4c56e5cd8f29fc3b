// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "playback/heard_line.hpp"
#include "speaker/speaker.hpp"

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

namespace livepusher::playback {

/// Which media time is heard when: what the sound lane has given to the device, and when the device says it was heard. Pictures
/// are due by it, with sound or without: the lane gives silence then. [any-thread]
class PlayClock {
public:
    /// The device begins to take with that sample of a channel, counted over all devices.
    void begin(std::int64_t sample);
    /// From that sample on, media goes on from `media`, `rate` times as fast as samples; 0: it stands. In rising order.
    void give(std::int64_t sample, Timestamp media, double rate);
    /// What the device tells, and how many samples of nothing it was given since begin().
    void hear(const speaker::Heard& heard, std::int64_t padding);

    /// Media time that is heard now; empty: nothing was given.
    std::optional<Timestamp> playhead(Timestamp now) const;
    /// When that media time is heard; empty: not known, or the clock stands before it.
    std::optional<Timestamp> due(Timestamp media) const;
    /// When that sample is heard; empty: not known.
    std::optional<Timestamp> heardAt(std::int64_t sample) const;
    /// How much was given and is not heard yet; empty: the device has told nothing.
    std::optional<Timestamp> inFlight(Timestamp now) const;
    /// Samples were given up to there.
    void givenTo(std::int64_t sample);

private:
    struct Piece {
        std::int64_t sample = 0;
        Timestamp media{};
        double rate = 0;
    };

    Timestamp mediaAt(double sample) const;
    double sampleAt(Timestamp now) const;
    void forget(double heard);

    mutable std::mutex mutex_;
    std::deque<Piece> pieces_;
    HeardLine line_{speaker::kFormat.sampleRate};
    std::uint32_t lineNumber_ = 0;
    std::int64_t begun_ = 0, padding_ = 0;
    std::int64_t end_ = 0;  ///< samples given
};

}  // namespace livepusher::playback
