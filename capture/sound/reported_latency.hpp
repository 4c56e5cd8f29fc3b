// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <algorithm>

namespace livepusher::capture {

/// How old a sample is when it comes, of what a device tells about that. Sound servers exaggerate for seconds after a
/// stream has begun (a sink that had rendered far ahead gives its monitor's delay as latency) and then come down: whoever
/// followed that would tear the sound apart. So a short latency is believed at once, a long one (Bluetooth, network) when
/// it has stayed the same for a while. Pure: time comes by hand.
class ReportedLatency {
public:
    void begin() { *this = {}; }

    /// `told`: the age of the next sample, zero: not known; `waiting`: how much sound is there with it, so that it is
    /// at least that old. The age to go by.
    Timestamp age(Timestamp told, Timestamp waiting, Timestamp at) {
        const auto extra = std::max(told - waiting, Timestamp::zero());
        if (extra <= kShort || (trusted_ > kShort && near(extra, trusted_))) {
            trusted_ = extra;
            watching_ = false;
            return waiting + extra;
        }
        if (!watching_ || !near(extra, seen_)) {
            watching_ = true;
            seen_ = extra;
            since_ = at;
        } else if (at - since_ >= kSettled && extra <= kLongest) {
            trusted_ = extra;
        }
        return waiting + trusted_;
    }

private:
    static constexpr Timestamp kShort{60'000};
    static constexpr Timestamp kSpread{20'000};
    static constexpr Timestamp kSettled{4'000'000};
    static constexpr Timestamp kLongest{2'000'000};  ///< no microphone is heard later

    static bool near(Timestamp a, Timestamp b) { return a - b <= kSpread && b - a <= kSpread; }

    Timestamp trusted_{};
    bool watching_ = false;  ///< a long one: `seen_` since `since_`
    Timestamp seen_{}, since_{};
};

}  // namespace livepusher::capture
