// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/wait_cause.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace livepusher::pipeline {

/// Finds the video bitrate that the network carries without delay, and says when frames must be skipped before the
/// encoder. Pure: what is known of the link is handed in, ten times a second; docs/network.md tells the rules.
class RateController {
public:
    using Clock = std::chrono::steady_clock;
    using Time = Clock::time_point;
    using Duration = std::chrono::milliseconds;

    struct Limits {
        int min = 200, max = 1000;  ///< kbps, video
        int audio = 96;             ///< kbps, on top
    };

    /// The link at one moment. Totals are of the present connection.
    struct Sample {
        Time at{};
        std::uint64_t acknowledged = 0;  ///< bytes that the server's kernel has
        std::uint64_t outstanding = 0;   ///< bytes encoded that it has not: queued, unsent, in flight
        Duration oldest{0};              ///< since the oldest of those was encoded
        Duration minRtt{0};
        std::uint64_t encoded = 0;  ///< bytes, of the video encoder

        /// Of what is outstanding, what this machine's kernel has been given.
        struct Kernel {
            std::uint64_t unsent = 0;  ///< bytes that it may not send yet
            Duration oldest{0};        ///< since it was given the oldest of all that it has
            rtmp::LineUse use;
        };
        std::optional<Kernel> kernel{};  ///< empty: not known, so that all waits for the line
        bool cpuShort = false;           ///< threads of this machine wait for a processor
    };

    struct Decision {
        int bitrate = 0;  ///< kbps, video
        bool skip = false;
        int rate = 0;       ///< kbps that the link carries at present
        Duration delay{0};  ///< what a frame that is encoded now waits until the server has it, beyond an idle link's round trip
        Duration lineDelay{0};  ///< of that, what is the line's fault and not that of a machine which has too much to do
    };

    explicit RateController(Limits limits) : limits_(limits), bitrate_(limits.max) {}

    /// Another range, at any time: the bitrate is brought into it.
    void setLimits(Limits limits);
    /// A connection begins; after another one a little below what that carried.
    void connected();
    /// What was measured until now says nothing of what comes: the bitrate stays.
    void forget();
    Decision tick(const Sample& sample);
    int bitrate() const { return bitrate_; }  ///< kbps, video

private:
    struct LinkState {
        double rate = 0;     // kbps acknowledged, over 400 ms
        double used = 0;     // kbps that the encoder made, over 1 s
        double backlog = 0;  // kbit that wait beyond what an idle link has in flight
        Duration delay{0};   // all of it
        Duration lineDelay{0};
        WaitCause::Cause cause = WaitCause::Cause::Line;
        double acknowledged = 0;  // kbit since the tick before
        double seconds = 0;       // since then
        bool rising = false;
        bool stalled = false;
    };

    LinkState measure(const Sample& sample);
    void attribute(LinkState& link, const Sample& sample);
    bool congested(const LinkState& link, Time now) const;
    void lower(const LinkState& link, Time now);
    void recover(Time now);
    void raise(const LinkState& link, Time now);
    double perSecond(std::uint64_t Sample::*total, Duration window) const;
    void set(double kbps);

    Limits limits_;
    int bitrate_;
    bool skip_ = false;
    bool everConnected_ = false;
    std::deque<Sample> samples_;     // of the last second and a half
    std::deque<Duration> delays_;    // of the last ticks
    std::optional<Time> cutAt_;      // the last time that it was lowered
    std::optional<Time> calmSince_;  // the delay has been small since
    std::optional<Time> raisedAt_;
    struct Ceiling {
        double rate;  // kbps that the link carried, audio included
        Time at;
    };
    std::optional<Ceiling> ceiling_;
    /// From the first cut until the queue is empty: the link always has something to carry, so what it carries then
    /// is all that it can.
    struct Episode {
        int before = 0;      // kbps, video
        double carried = 0;  // kbit
        double seconds = 0;  // without those in which nothing moved
        bool stalled = false;
    };
    std::optional<Episode> episode_;
    int lateTicks_ = 0;
    WaitCause cause_;
    std::optional<Time> connectedAt_;
    double good_ = 0;  // kbps, video, that went through without delay
};

}  // namespace livepusher::pipeline
