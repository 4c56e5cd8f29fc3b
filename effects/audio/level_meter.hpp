// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <span>

namespace livepusher::effects {

/// The loudness (RMS) of the last 100 ms.
class LevelMeter {
public:
    explicit LevelMeter(std::size_t blockSamples) : blockSamples_(blockSamples) {}

    /// [audio]
    void take(std::span<const float> samples) {
        for (const float sample : samples) {
            sum_ += static_cast<double>(sample) * static_cast<double>(sample);
            if (++count_ < blockSamples_) continue;
            energy_[next_++ % energy_.size()] = sum_ / static_cast<double>(count_);
            sum_ = 0;
            count_ = 0;
        }
        double mean = 0;
        for (const double energy : energy_) mean += energy / static_cast<double>(energy_.size());
        decibels_.store(mean > 0 ? 10 * std::log10(mean) : kSilence, std::memory_order_relaxed);
    }
    double decibels() const { return decibels_.load(std::memory_order_relaxed); }  ///< dBFS, -200: silence. [any-thread]
    /// 0..100: (dBFS + 60) / 60 of it. [any-thread]
    int percent() const { return static_cast<int>(std::lround(std::clamp((decibels() + 60) / 60 * 100, 0.0, 100.0))); }

private:
    static constexpr double kSilence = -200;

    const std::size_t blockSamples_;  // of 10 ms
    std::array<double, 10> energy_{};
    std::size_t next_ = 0, count_ = 0;
    double sum_ = 0;
    std::atomic<double> decibels_{kSilence};
};

}  // namespace livepusher::effects
