// SPDX-License-Identifier: MIT
#include "playback/heard_line.hpp"

#include <algorithm>
#include <cmath>

namespace livepusher::playback {
namespace {

constexpr Timestamp kEnough{1'000'000};  // of points before their slope is believed
constexpr double kMaxSlope = 2e-3;
constexpr std::size_t kMost = 500;  // points in the window, however often the device is asked

}  // namespace

Timestamp HeardLine::nominal(std::int64_t samples) const {
    return Timestamp(std::llround(static_cast<double>(samples) * 1e6 / rate_));
}

/// µs by which a point lies after where the nominal rate puts it, seen from the origin.
double HeardLine::residual(const Point& point) const {
    return static_cast<double>((point.at - origin_.at - nominal(point.sample - origin_.sample)).count());
}

void HeardLine::restart() {
    points_.clear();
    strays_.clear();
    slope_ = offset_ = 0;
}

void HeardLine::add(std::int64_t heard, Timestamp at) {
    const Point point{heard, at};
    if (!points_.empty()) {
        const auto off = at - heardAt(heard);
        if (off > kOutlier || off < -kOutlier) {
            if (strays_.size() < kMost) strays_.push_back(point);
            if (at - strays_.front().at < kStays) return;
            const auto stayed = strays_;
            restart();
            for (const auto& stray : stayed) keep(stray);
            fit();
            return;
        }
    }
    strays_.clear();
    keep(point);
    fit();
}

void HeardLine::keep(const Point& point) {
    points_.push_back(point);
    while (points_.front().at < point.at - kWindow || points_.size() > kMost) points_.pop_front();
}

void HeardLine::fit() {
    origin_ = points_.back();
    double mean = 0, meanTime = 0;
    const auto count = static_cast<double>(points_.size());
    const auto timeOf = [&](const Point& point) { return static_cast<double>(nominal(point.sample - origin_.sample).count()); };
    for (const auto& point : points_) {
        mean += residual(point) / count;
        meanTime += timeOf(point) / count;
    }
    double both = 0, square = 0;
    for (const auto& point : points_) {
        const double time = timeOf(point) - meanTime;
        both += time * (residual(point) - mean);
        square += time * time;
    }
    const bool enough = points_.back().at - points_.front().at >= kEnough && square > 0;
    slope_ = enough ? std::clamp(both / square, -kMaxSlope, kMaxSlope) : 0;
    offset_ = mean - slope_ * meanTime;
}

Timestamp HeardLine::heardAt(std::int64_t sample) const {
    const auto time = nominal(sample - origin_.sample);
    return origin_.at + time + Timestamp(std::llround(offset_ + slope_ * static_cast<double>(time.count())));
}

std::int64_t HeardLine::sampleAt(Timestamp at) const {
    const double since = static_cast<double>((at - origin_.at).count()) - offset_;
    return origin_.sample + std::llround(since / (1 + slope_) * rate_ / 1e6);
}

}  // namespace livepusher::playback
