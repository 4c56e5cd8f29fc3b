// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace tools {

/// Moments at which a level rises above half after having been under it for at least `quiet` seconds.
class Onsets {
public:
    Onsets(double threshold, double quiet) : threshold_(threshold), quiet_(quiet) {}

    void add(double seconds, double level) {
        if (level >= threshold_) {
            if (seconds - lastLoud_ >= quiet_ && started_) times_.push_back(seconds);
            lastLoud_ = seconds;
        }
        if (!started_) lastLoud_ = seconds;  // what is loud from the start began before it
        started_ = true;
    }
    const std::vector<double>& times() const { return times_; }

private:
    double threshold_;
    double quiet_;
    double lastLoud_ = 0;
    bool started_ = false;
    std::vector<double> times_;
};

/// For each of `first` the distance in ms to the nearest of `second`, those farther than 500 ms left out.
inline std::vector<double> distances(const std::vector<double>& first, const std::vector<double>& second) {
    std::vector<double> found;
    for (double a : first) {
        double best = 1e9;
        for (double b : second) {
            const double distance = (b - a) * 1000;
            if (distance * distance < best * best) best = distance;
        }
        if (best * best < 500.0 * 500.0) found.push_back(best);
    }
    return found;
}

}  // namespace tools
