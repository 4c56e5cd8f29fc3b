// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <optional>

namespace livepusher::playback {

struct DelaySettings {
    Timestamp minCache{1'000'000}, maxCache{3'000'000};  ///< bounds of the delay that is aimed at
    double minSpeed = 0.97, maxSpeed = 1.10;
    bool realTime = false;  ///< mode RTC: begins sooner, and a stall makes it less careful
    bool operator==(const DelaySettings&) const = default;
};

/// Decides what delay is aimed at, at which speed it is brought about, and when media is left out for it. Pure: time is
/// handed in, and what it decides by. Belongs to one thread.
class DelayPolicy {
public:
    explicit DelayPolicy(const DelaySettings& settings) : settings_(settings) {}

    /// Holds from the next tick on.
    void setSettings(const DelaySettings& settings) { settings_ = settings; }
    const DelaySettings& settings() const { return settings_; }

    struct Input {
        Timestamp now{};
        Timestamp delay{};   ///< how far the playhead is behind where the fastest packet would put it
        Timestamp level{};   ///< media that is there and not taken yet
        Timestamp lead{};    ///< media that is taken and not heard yet: that much delay has to be
        Timestamp jitter{};  ///< Lateness::quantile()
        bool bursting = false;
    };
    struct Decision {
        double speed = 1;
        bool skip = false;  ///< the playhead has to go to the media's end minus target()
    };
    /// While it plays; ten times a second.
    Decision tick(const Input& input);
    /// While it doesn't: the target follows.
    void rest(Timestamp now, Timestamp jitter, Timestamp lead = {});

    /// The media ran out.
    void stalled(Timestamp now);

    Timestamp target() const { return target_; }
    /// Media that there has to be before the clock runs: at the start, and after a stall.
    Timestamp startMark() const;
    Timestamp restartMark() const;

    static constexpr Timestamp kStep{100'000};             ///< between two changes of the speed
    static constexpr double kSlew = 0.01;                  ///< change a step
    static constexpr double kGain = 0.25;                  ///< of speed, for each second that the delay is off
    static constexpr Timestamp kIn{20'000}, kOut{40'000};  ///< regulation ends within, begins beyond
    static constexpr Timestamp kBeyond{500'000};           ///< over maxCache: then it skips
    static constexpr Timestamp kWorth{200'000};            ///< that a skip has to leave out at least
    static constexpr Timestamp kBurst{1'000'000};          ///< for which a skip waits for a burst to pass, at most

private:
    void aim(Timestamp now, Timestamp jitter, Timestamp lead);
    double wanted(const Input& input);
    bool skips(const Input& input);

    DelaySettings settings_;
    Timestamp target_{settings_.minCache};
    Timestamp penalty_{};
    std::optional<Timestamp> calmSince_, aimedAt_;
    bool regulating_ = false;
    double speed_ = 1;
    std::optional<Timestamp> steppedAt_, tooFarSince_;
};

}  // namespace livepusher::playback
