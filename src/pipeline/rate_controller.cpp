// SPDX-License-Identifier: MIT
#include "pipeline/rate_controller.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;
using Duration = RateController::Duration;

constexpr auto kRateWindow = 400ms;
constexpr auto kLatelyWindow = 200ms;
constexpr auto kUseWindow = 1000ms;
constexpr auto kMemory = 1500ms;

constexpr auto kDelayTooLong = 250ms;  // a delay that is too long by itself,
constexpr auto kDelayRising = 150ms;   // or when it still grows
constexpr auto kVeryLate = 500ms;      // then no excuse counts
constexpr auto kWaited = 100ms;
constexpr auto kCalm = 120ms;
constexpr auto kSkip = 600ms;
constexpr auto kSkipNoMore = 300ms;
constexpr auto kSlowStart = 2s;  // of TCP, with the first key frame

constexpr auto kLeastEpisode = 300ms;  // to know a rate from
constexpr auto kHold = 400ms;          // between two cuts: the first must be able to show
constexpr auto kCalmAfterCut = 1500ms;
constexpr auto kCalmBeforeRaise = 500ms;
constexpr auto kCautionAfterCut = 6s;
constexpr auto kAfterCut = 2000ms;
constexpr auto kRaiseEvery = 500ms;
constexpr auto kCeilingForCaution = 20s;

constexpr double kShare = 0.85;          // of what the link seems to carry
constexpr double kMeasuredShare = 0.92;  // of what it carried while it was full
constexpr double kLeastShare = 0.4;      // while the queue is emptied
constexpr double kLeastCut = 0.92;
constexpr double kDeepCut = 0.6;  // does not wait for kHold
constexpr double kAfterLoss = 0.7;
constexpr double kNothing = 0.1;         // of what is made
constexpr double kMinUtilisation = 0.7;  // the encoder needs a second to get up to a higher bitrate

double kbit(std::uint64_t bytes) { return static_cast<double>(bytes) * 8 / 1000; }
double inSeconds(Duration d) { return std::chrono::duration<double>(d).count(); }
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
    cutAt_.reset();
    raisedAt_.reset();
    connectedAt_.reset();
    forget();
}

void RateController::forget() {
    skip_ = false;
    samples_.clear();
    delays_.clear();
    calmSince_.reset();
    episode_.reset();
    lateTicks_ = 0;
    cause_.forget();
}

double RateController::perSecond(std::uint64_t Sample::*total, Duration window) const {
    const auto& last = samples_.back();
    auto first = std::find_if(samples_.begin(), samples_.end(), [&](const Sample& s) { return last.at - s.at <= window; });
    if (first->at == last.at && first != samples_.begin()) --first;  // this look is later than the window is long
    const auto span = std::chrono::duration<double>(last.at - first->at).count();
    return span <= 0 ? 0 : kbit(last.*total - (*first).*total) / span;
}

RateController::LinkState RateController::measure(const Sample& sample) {
    if (!samples_.empty() && sample.acknowledged < samples_.back().acknowledged) samples_.clear();  // another connection
    LinkState link;
    if (!samples_.empty()) {
        link.acknowledged = kbit(sample.acknowledged - samples_.back().acknowledged);
        link.seconds = std::chrono::duration<double>(sample.at - samples_.back().at).count();
    }
    samples_.push_back(sample);
    while (sample.at - samples_.front().at > kMemory) samples_.pop_front();
    link.rate = perSecond(&Sample::acknowledged, kRateWindow);
    link.used = perSecond(&Sample::encoded, kUseWindow);
    // A short stall makes the rate small for a moment, and a wait foretold from it would be endless.
    const double carried = std::max(link.rate, 0.25 * (bitrate_ + limits_.audio));
    link.backlog = std::max(0.0, kbit(sample.outstanding) - link.rate * inSeconds(sample.minRtt));
    const auto foretold = milliseconds(link.backlog / carried);
    const auto seen = std::max(Duration(0), sample.oldest - sample.minRtt);
    // Foretold alone is a burst of the encoder's, until something has waited for real.
    link.delay = seen < kWaited ? std::min(foretold, Duration(kDelayRising)) : std::max(foretold, seen);
    link.lineDelay = link.delay;
    link.stalled = link.rate < 0.1 * bitrate_;
    if (sample.kernel) attribute(link, sample);
    link.rising = delays_.size() >= 2 && link.lineDelay > delays_.back() && delays_.back() > delays_[delays_.size() - 2];
    delays_.push_back(link.lineDelay);
    if (delays_.size() > 2) delays_.pop_front();
    return link;
}

/// What doesn't wait for the line leaves the decisions as they are: it is neither late nor calm.
void RateController::attribute(LinkState& link, const Sample& sample) {
    const auto& kernel = *sample.kernel;
    const double made = link.used + limits_.audio;
    link.cause = cause_.tick(
        {.at = sample.at,
         .use = kernel.use,
         .unsent = kernel.unsent > 0,
         .underWayLong = kernel.oldest - sample.minRtt >= kWaited,
         .late = link.delay >= kCalm,
         .stands =
             link.acknowledged<kNothing * made * link.seconds, .catchesUp = perSecond(&Sample::acknowledged, kLatelyWindow)> made,
         .cpuShort = sample.cpuShort});
    if (link.cause != WaitCause::Cause::Line) link.lineDelay = kCalm;
}

/// A burst that the link clears faster than the encoder makes new bits needs no lower bitrate, only a moment.
bool RateController::congested(const LinkState& link, Time now) const {
    if (link.lineDelay > kVeryLate) return true;
    if (now - *connectedAt_ < kSlowStart || link.rate > bitrate_ + limits_.audio) return false;
    return link.lineDelay > kDelayTooLong || (link.lineDelay > kDelayRising && link.rising);
}

void RateController::lower(const LinkState& link, Time now) {
    if (!episode_) episode_ = Episode{.before = bitrate_};
    if (link.stalled) episode_->stalled = true;
    const double room = std::max(kShare * link.rate - link.backlog, kLeastShare * link.rate) - limits_.audio;
    const double to = std::min(room, kLeastCut * bitrate_);
    if (cutAt_ && now - *cutAt_ < kHold && to > kDeepCut * bitrate_) return;
    cutAt_ = now;
    set(to);
}

/// The queue is empty again: what it took to empty it tells where to go on.
void RateController::recover(Time now) {
    const auto episode = *std::exchange(episode_, std::nullopt);
    const double carried = episode.seconds < inSeconds(kLeastEpisode) ? 0 : episode.carried / episode.seconds;
    double to = kMeasuredShare * carried - limits_.audio;
    if (carried <= 0) {  // over too soon for more than a lost packet or two
        to = kLeastCut * episode.before;
    } else if (episode.stalled) {  // no ceiling: an interruption says nothing of what comes after it
        to = std::max(to, kAfterLoss * episode.before);
    } else {
        ceiling_ = Ceiling{carried, now};
    }
    if (to > bitrate_) set(std::min<double>(to, episode.before));
    raisedAt_ = now;
}

void RateController::raise(const LinkState& link, Time now) {
    if (cutAt_ && now - *cutAt_ < kAfterCut) return;
    const bool wary = cutAt_ && now - *cutAt_ < kCautionAfterCut;
    if (now - *calmSince_ < (wary ? kCalmAfterCut : kCalmBeforeRaise)) return;
    good_ = bitrate_;
    if (raisedAt_ && now - *raisedAt_ < kRaiseEvery) return;
    if (bitrate_ >= limits_.max || link.used < kMinUtilisation * bitrate_) return;
    const double total = bitrate_ + limits_.audio;
    const bool near =
        ceiling_ && now - ceiling_->at < kCeilingForCaution && total > 0.8 * ceiling_->rate && total < 1.1 * ceiling_->rate;
    set(near ? bitrate_ * 1.025 + 5 : bitrate_ * 1.12 + 15);
    raisedAt_ = now;
}

RateController::Decision RateController::tick(const Sample& sample) {
    const auto link = measure(sample);
    if (link.lineDelay < kCalm) {
        if (!calmSince_) calmSince_ = sample.at;
    } else {
        calmSince_.reset();
    }
    if (!connectedAt_) connectedAt_ = sample.at;
    const bool full = link.cause == WaitCause::Cause::Line;  // or else it tells nothing of what the line can carry
    if (episode_ && full && !link.stalled) {
        episode_->carried += link.acknowledged;
        episode_->seconds += link.seconds;
    }
    const bool late = congested(link, sample.at);
    if (late)
        ++lateTicks_;
    else if (full)
        lateTicks_ = 0;
    if (link.lineDelay > (late ? kDelayTooLong : kSkip)) skip_ = true;
    if (link.lineDelay < kSkipNoMore && !late) skip_ = false;
    // A lost packet holds a lossy line up for a moment and is made good in the next: to leave out a few pictures is
    // less than to lower the bitrate.
    if (late && lateTicks_ >= 2)
        lower(link, sample.at);
    else if (calmSince_ && episode_)
        recover(sample.at);
    else if (calmSince_ && !late)
        raise(link, sample.at);
    return {.bitrate = bitrate_,
            .skip = skip_,
            .rate = static_cast<int>(link.rate),
            .delay = link.delay,
            .lineDelay = link.lineDelay};
}

}  // namespace livepusher::pipeline
