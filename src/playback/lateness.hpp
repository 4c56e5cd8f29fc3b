// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace livepusher::playback {

/// How unevenly media comes. The fastest packet of the last 30 s sets the base, so that a sender's clock may drift; what
/// another comes later than that is its lateness. Pure: moments come with the packets. Belongs to one thread.
class Lateness {
public:
    void packet(Timestamp media, Timestamp arrival);

    /// The least of arrival minus media time; empty until a packet has come.
    std::optional<Timestamp> base() const { return base_; }
    /// 0.95 quantile of the largest lateness in each half second, rounded up to 20 ms. The recent counts most: a half second
    /// of now has half its weight in 20 s. Zero until the first has passed.
    Timestamp quantile() const { return quantile_; }

    static constexpr Timestamp kBaseWindow{30'000'000};
    static constexpr Timestamp kInterval{500'000};  ///< of which the largest lateness is one sample
    static constexpr Timestamp kBucket{20'000};

private:
    static constexpr std::size_t kBuckets = 500;  // 10 s: more can't be buffered away
    static constexpr double kQuantile = 0.95, kForget = 0.983, kStartWeight = 2;
    static constexpr std::size_t kSlots = 61;  // intervals of the base's window, and the one that is running

    struct Slot {
        std::int64_t interval = -1;
        Timestamp least{};
    };

    void follow(Timestamp offset, std::int64_t interval);
    void sample(Timestamp largest);

    std::optional<Timestamp> base_;
    std::array<Slot, kSlots> slots_{};
    std::int64_t interval_ = -1;
    Timestamp largest_{};  ///< of the interval that is running
    std::array<double, kBuckets> histogram_{};
    int samples_ = 0;
    Timestamp quantile_{};
};

}  // namespace livepusher::playback
