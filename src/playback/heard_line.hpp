// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace livepusher::playback {

/// Says when a sample is heard: the line through what the device has told in the last 2 s of how many it has played, and
/// when. One that lies 40 ms off counts only when others do so for 500 ms: devices' figures jump. Pure. Belongs to one thread.
class HeardLine {
public:
    explicit HeardLine(int sampleRate) : rate_(sampleRate) {}

    /// `heard`: samples of a channel that had been heard at the moment `at`.
    void add(std::int64_t heard, Timestamp at);
    /// The device begins anew, or is another.
    void restart();

    explicit operator bool() const { return !points_.empty(); }  ///< whether anything can be said
    /// When that sample is heard; only where the line is there.
    Timestamp heardAt(std::int64_t sample) const;
    /// What is heard then.
    std::int64_t sampleAt(Timestamp at) const;
    /// The device's clock against now()'s; 0 while little is known. Limited to ±2000 ppm: no device is further off.
    double ppm() const { return slope_ * 1e6; }

    static constexpr Timestamp kWindow{2'000'000};
    static constexpr Timestamp kOutlier{40'000};
    static constexpr Timestamp kStays{500'000};

private:
    struct Point {
        std::int64_t sample = 0;
        Timestamp at{};
    };

    Timestamp nominal(std::int64_t samples) const;
    double residual(const Point& point) const;
    void keep(const Point& point);
    void fit();

    const int rate_;
    std::deque<Point> points_;
    std::vector<Point> strays_;
    Point origin_;       ///< the latest point
    double offset_ = 0;  ///< µs of the line there
    double slope_ = 0;   ///< time gained on the nominal rate
};

}  // namespace livepusher::playback
