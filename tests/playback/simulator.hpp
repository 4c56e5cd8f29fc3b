// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include "playback/playout.hpp"

namespace livepusher::playback::test {

/// What arrives, and when: one packet every `interval` of media, each so late.
struct Arrivals {
    Timestamp interval{};
    std::size_t key = 0;  ///< each of so many is a key frame
    std::vector<Timestamp> lateness;
};
/// One of tests/playback/arrivals. Throws std::runtime_error.
Arrivals readArrivals(const std::string& name);

struct Course {
    struct Moment {
        Timestamp at{};  ///< since the first packet's media time
        Playout::News news{};
        Timestamp delay{};  ///< after it
    };
    std::vector<Moment> news;
    struct Sample {
        Timestamp at{}, delay{}, target{}, behind{};
        double speed = 1;
        bool running = false;
    };
    std::vector<Sample> samples;  ///< ten a second
    Timestamp skipped{};
    int stalls = 0, skips = 0;

    int count(Playout::News what, Timestamp from, Timestamp to) const;
    /// The first moment from `from` on from which on the delay is `most` or less for 2 s; far away: never.
    Timestamp settled(Timestamp from, Timestamp most) const;
};

struct Playing {
    DelaySettings settings{};
    Timestamp from{};         ///< media before is not received: who joins later
    double ppm = 0;           ///< the sender's clock is so much too fast
    int times = 1;            ///< the log is repeated
    Timestamp step{10'000};   ///< of the simulation
    std::uint32_t first = 0;  ///< the first time stamp, ms, of 32 bits
    bool keepSamples = true;
    Timestamp worst{};  ///< answered: largest |delay - target| after the first minute
    Timestamp end{};    ///< answered: how long it was
};
/// Plays a log: its time stamps pass through a Timeline, whole milliseconds of 32 bits.
Course play(const Arrivals& arrivals, Playing& run);
inline Course play(const std::string& log, const DelaySettings& settings = {}) {
    Playing run{.settings = settings};
    return play(readArrivals(log), run);
}

inline const DelaySettings kLive{};
inline const DelaySettings kRealTime{.minCache = Timestamp(200'000), .maxCache = Timestamp(800'000), .realTime = true};

}  // namespace livepusher::playback::test
