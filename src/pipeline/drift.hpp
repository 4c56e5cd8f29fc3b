// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace livepusher::pipeline {

/// Says by how much the sound has to be stretched so that the track, whose time is the count of its samples, keeps step
/// with the session's clock although the sound card's runs otherwise. It is told how far each block's time stamp lies
/// after the track's end and finds the drift behind the jitter of arrival: medians of 5 s, and a line through those of
/// the last minutes. Pure: time comes with the blocks. Belongs to the audio thread.
class DriftController {
public:
    static constexpr std::int64_t kJump = 80'000;     ///< µs: an offset beyond it is a jump, which is not its work
    static constexpr std::int64_t kDeadBand = 3'000;  ///< µs: what stays within is left alone, to the bit
    static constexpr double kMaxPpm = 1000;
    static constexpr double kSlew = 20;  ///< ppm in a second at most: nobody hears that change

    /// `offset`: the block's time stamp minus the track's position before it; `length`: of the block. Answers with how many
    /// millionths more samples are to be made of it; 0: not one is to be touched.
    double follow(Timestamp offset, Timestamp length);
    /// The track was put right by silence or by skipping, or begins anew: offsets from before mean nothing any more. What
    /// is known of the clock stays.
    void restart();

    double ppm() const { return ppm_; }
    double drift() const { return drift_; }  ///< of the source's clock, in ppm, as far as it is known

private:
    static constexpr double kWindow = 5'000'000;   // µs
    static constexpr std::size_t kWindows = 36;    // 3 minutes
    static constexpr std::size_t kEnough = 12;     // windows, until the drift is known well enough to be called none
    static constexpr double kReturn = 40'000'000;  // µs in which an offset is made good
    static constexpr double kDoubt = 20e12;        // µs²: how little a short line says
    static constexpr double kCalm = 1'000;         // µs, and
    static constexpr double kCalmDrift = 6;        // ppm: within both the correction ends

    struct Point {
        double at = 0;     ///< µs of the source's time
        double value = 0;  ///< offset there, had nothing been corrected
    };

    void endWindow();
    void fit();

    std::array<std::int32_t, 1024> window_{};  ///< µs
    std::size_t inWindow_ = 0;
    double windowLength_ = 0;  ///< µs so far
    std::array<Point, kWindows> points_{};
    std::size_t count_ = 0;  ///< of points ever
    double time_ = 0;        ///< µs of the source's time
    double corrected_ = 0;   ///< µs made good since restart()
    double beyond_ = 0;      ///< the median before, where it lay outside of the dead band
    bool engaged_ = false;
    double drift_ = 0, target_ = 0, ppm_ = 0;
};

}  // namespace livepusher::pipeline
