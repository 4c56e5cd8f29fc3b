// SPDX-License-Identifier: MIT
#include "pipeline/rate_controller.hpp"

#include <algorithm>
#include <cmath>

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;
using Duration = RateController::Duration;

constexpr auto kRateWindow = 400ms;
constexpr auto kUseWindow = 1000ms;
constexpr auto kMemory = 1500ms;

constexpr auto kLate = 250ms;         // a delay that is too long by itself,
constexpr auto kGettingLate = 150ms;  // or when it still grows
constexpr auto kVeryLate = 500ms;     // then no excuse counts
constexpr auto kCalm = 120ms;
constexpr auto kSkip = 600ms;
constexpr auto kSkipNoMore = 350ms;

constexpr auto kHold = 400ms;  // between two cuts: the first must be able to show
constexpr auto kCalmBeforeRaise = 1500ms;
constexpr auto kAfterCut = 2500ms;
constexpr auto kRaiseEvery = 500ms;
constexpr auto kCeilingForRestore = 8s;
constexpr auto kCeilingForCaution = 20s;

constexpr double kShare = 0.85;      // of what the link carries
constexpr double kLeastShare = 0.4;  // while the queue is emptied
constexpr double kLeastCut = 0.92;
constexpr double kDeepCut = 0.6;  // does not wait for kHold
constexpr double kAfterLoss = 0.7;

double kbit(std::uint64_t bytes) { return static_cast<double>(bytes) * 8 / 1000; }
double seconds(Duration d) { return std::chrono::duration<double>(d).count(); }
Duration milliseconds(double seconds) { return Duration(std::lround(std::clamp(seconds, 0.0, 3600.0) * 1000)); }

}  // namespace

void RateController::set(double kbps) { bitrate_ = std::clamp(static_cast<int>(std::lround(kbps)), limits_.min, limits_.max); }

void RateController::setLimits(Limits limits) {
    const bool atMax = bitrate_ == limits_.max;
    limits_ = limits;
    if (limits_.min > limits_.max) limits_.min = limits_.max;
    set(atMax && !ceiling_ ? limits_.max : bitrate_);
}

void RateController::connected() {
    if (everConnected_ && good_ > 0) set(kAfterLoss * good_);
    everConnected_ = true;
    skip_ = false;
    samples_.clear();
    delays_.clear();
    calmSince_.reset();
    cutAt_.reset();
    raisedAt_.reset();
    restore_.reset();
}

double RateController::perSecond(std::uint64_t Sample::*total, Duration window) const {
    const auto& last = samples_.back();
    const auto first = std::find_if(samples_.begin(), samples_.end(), [&](const Sample& s) { return last.at - s.at <= window; });
    const auto span = std::chrono::duration<double>(last.at - first->at).count();
    return span <= 0 ? 0 : kbit(last.*total - (*first).*total) / span;
}

RateController::Link RateController::measure(const Sample& sample) {
    if (!samples_.empty() && sample.acknowledged < samples_.back().acknowledged) samples_.clear();  // another connection
    samples_.push_back(sample);
    while (sample.at - samples_.front().at > kMemory) samples_.pop_front();

    Link link;
    link.rate = perSecond(&Sample::acknowledged, kRateWindow);
    link.used = perSecond(&Sample::encoded, kUseWindow);
    // A short stall makes the rate small for a moment, and a wait foretold from it would be endless.
    const double carried = std::max(link.rate, 0.25 * (bitrate_ + limits_.audio));
    link.backlog = std::max(0.0, kbit(sample.outstanding) - link.rate * seconds(sample.minRtt));
    const auto foretold = milliseconds(link.backlog / carried);
    const auto seen = std::max(Duration(0), sample.oldest - sample.minRtt);
    // Foretold alone is a burst of the encoder's, until something has waited for real.
    link.delay = seen < 100ms ? std::min(foretold, Duration(kGettingLate)) : std::max(foretold, seen);
    link.stalled = link.rate < 0.1 * bitrate_;
    link.rising = delays_.size() >= 2 && link.delay > delays_.back() && delays_.back() > delays_[delays_.size() - 2];
    delays_.push_back(link.delay);
    if (delays_.size() > 2) delays_.pop_front();
    return link;
}

/// A burst that the link clears faster than the encoder makes new bits needs no lower bitrate, only a moment.
bool RateController::congested(const Link& link) const {
    if (link.delay > kVeryLate) return true;
    if (link.rate > 1.05 * (bitrate_ + limits_.audio)) return false;
    return link.delay > kLate || (link.delay > kGettingLate && link.rising);
}

void RateController::lower(const Link& link, Time now) {
    const double room = std::max(kShare * link.rate - link.backlog, kLeastShare * link.rate) - limits_.audio;
    const double to = std::min(room, kLeastCut * bitrate_);
    if (cutAt_ && now - *cutAt_ < kHold && to > kDeepCut * bitrate_) return;
    if (link.stalled) {  // says nothing of what the link carries when it moves again
        if (!restore_) restore_ = Ceiling{kAfterLoss * (bitrate_ + limits_.audio) / kShare, now};
    } else {
        ceiling_ = restore_ = Ceiling{link.rate, now};
    }
    cutAt_ = now;
    set(to);
}

void RateController::raise(const Link& link, Time now) {
    if (restore_) {
        const double to = kShare * restore_->rate - limits_.audio;
        if (now - restore_->at < kCeilingForRestore && to > bitrate_) set(to);
        restore_.reset();
        raisedAt_ = now;
        return;
    }
    if (now - *calmSince_ < kCalmBeforeRaise || (cutAt_ && now - *cutAt_ < kAfterCut)) return;
    good_ = bitrate_;
    if (raisedAt_ && now - *raisedAt_ < kRaiseEvery) return;
    if (bitrate_ >= limits_.max || link.used < 0.8 * bitrate_) return;
    const double total = bitrate_ + limits_.audio;
    const bool near =
        ceiling_ && now - ceiling_->at < kCeilingForCaution && total > 0.8 * ceiling_->rate && total < 1.1 * ceiling_->rate;
    set(near ? bitrate_ * 1.02 + 5 : bitrate_ * 1.1 + 15);
    raisedAt_ = now;
}

RateController::Decision RateController::tick(const Sample& sample) {
    const auto link = measure(sample);
    if (link.delay < kCalm) {
        if (!calmSince_) calmSince_ = sample.at;
    } else {
        calmSince_.reset();
    }
    if (link.delay > kSkip) skip_ = true;
    if (link.delay < kSkipNoMore) skip_ = false;
    if (congested(link))
        lower(link, sample.at);
    else if (calmSince_)
        raise(link, sample.at);
    return {.bitrate = bitrate_, .skip = skip_, .delay = link.delay};
}

}  // namespace livepusher::pipeline
