// SPDX-License-Identifier: MIT
#include "capture/file/live_pace.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace livepusher::capture {
namespace {

constexpr double kPull = 0.05;        // of the error to the margin, made good in a second
constexpr double kNoDrift = 0.0015;   // less is left to the sound lane's own matching
constexpr double kSure = 3;           // a slope counts when it is so many times its own uncertainty
constexpr Timestamp kSlack{400'000};  // within so much beyond the margin nothing is corrected
constexpr Timestamp kHeldFor{5'000'000};

double seconds(Timestamp t) { return static_cast<double>(t.count()) / 1e6; }
Timestamp scaled(Timestamp t, double by) { return Timestamp(std::llround(static_cast<double>(t.count()) * by)); }

}  // namespace

void LivePace::begin(Timestamp media, Timestamp moment) {
    begun_ = true;
    anchorMedia_ = media;
    anchorMoment_ = moment;
    rate_ = 1;
    windowBegan_.reset();
    count_ = early_ = 0;
    settled_ = false;
}

Timestamp LivePace::moment(Timestamp media) const { return anchorMoment_ + scaled(media - anchorMedia_, 1 / rate_); }
Timestamp LivePace::position(Timestamp moment) const { return anchorMedia_ + scaled(moment - anchorMoment_, rate_); }

void LivePace::heldBack(Timestamp at) {
    held_ = at;
    count_ = early_ = 0;
    if (begun_ && rate_ != 1) turnTo(1, at);
}

void LivePace::turnTo(double rate, Timestamp at) {
    const auto media = position(at);
    anchorMedia_ = media;
    anchorMoment_ = at;
    rate_ = rate;
    changed_ = true;
}

void LivePace::jump(Timestamp by) {
    anchorMoment_ += by;
    changed_ = true;
}

void LivePace::beginWindow(Timestamp media, Timestamp arrival) {
    windowBegan_ = arrival;
    leastSlack_ = moment(media) - arrival;
    longestWay_ = arrival - media;
}

bool LivePace::arrived(Timestamp media, Timestamp arrival) {
    if (!begun_) return false;
    if (const auto slack = moment(media) - arrival; slack < Timestamp{}) {
        // Too late already: from here on everything is due later by that, and a margin.
        jump(kMargin - slack);
        early_ = 0;
        beginWindow(media, arrival);
    } else if (!windowBegan_) {
        beginWindow(media, arrival);
    } else {
        leastSlack_ = std::min(leastSlack_, slack);
        longestWay_ = std::max(longestWay_, arrival - media);
        if (arrival - *windowBegan_ >= kWindow) {
            if (std::exchange(settled_, true)) endWindow(arrival);
            beginWindow(media, arrival);
        }
    }
    return std::exchange(changed_, false);
}

/// How much longer the way gets in a second, by a line through the windows; 0 where that can't be told yet.
double LivePace::slope() const {
    const auto used = std::min(count_, kPoints);
    if (used < 6) return 0;
    double at = 0, way = 0;
    for (std::size_t n = 0; n < used; ++n) at += points_[n].at, way += points_[n].way;
    at /= static_cast<double>(used);
    way /= static_cast<double>(used);
    double spread = 0, rise = 0;
    for (std::size_t n = 0; n < used; ++n) {
        spread += (points_[n].at - at) * (points_[n].at - at);
        rise += (points_[n].at - at) * (points_[n].way - way);
    }
    if (spread <= 0) return 0;
    const double slope = rise / spread;
    double rest = 0;
    for (std::size_t n = 0; n < used; ++n) {
        const double off = points_[n].way - way - slope * (points_[n].at - at);
        rest += off * off;
    }
    const double uncertain = std::sqrt(rest / static_cast<double>(used - 2) / spread);
    return std::abs(slope) > kNoDrift && std::abs(slope) > kSure * uncertain ? slope : 0;
}

void LivePace::endWindow(Timestamp at) {
    if (held_ && at - *held_ < kHeldFor) return;
    points_[count_++ % kPoints] = {seconds(at), seconds(longestWay_)};
    const auto beyond = leastSlack_ - kMargin;
    if (beyond > kCut && !keepAll_) {
        leastEarly_ = early_ == 0 ? beyond : std::min(leastEarly_, beyond);
        if (++early_ >= kCutWindows) {
            jump(-leastEarly_);
            early_ = 0;
        }
    } else {
        early_ = 0;
    }
    const double drift = std::clamp(-slope(), -kMaxDrift, kMaxDrift);
    double correction = 0;
    if (beyond > kSlack || (beyond < Timestamp{} && rate_ != 1) || beyond < -kMargin / 2)
        correction = std::clamp(kPull * seconds(beyond), -kMaxCorrection, kMaxCorrection);
    // A correction alone would be heard as a turn of pitch: it is taken up softly.
    const double wanted = (1 + drift) * (1 + correction);
    const double next = std::abs(wanted - 1) < kNoDrift ? 1 : rate_ + std::clamp(wanted - rate_, -0.04, 0.04);
    if (next != rate_) turnTo(next, at);
}

}  // namespace livepusher::capture
