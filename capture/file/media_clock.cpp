// SPDX-License-Identifier: MIT
#include "capture/file/media_clock.hpp"

#include <algorithm>

namespace livepusher::capture {
namespace {

/// So long a track that is ready waits for one that isn't: one whose packets are looked for in the file, and one that
/// nobody plays yet.
constexpr Timestamp kTogether{3'000'000};
constexpr Timestamp kPerhaps{200'000};

}  // namespace

MediaClock::MediaClock(bool live, bool keepAll, base::TimeSource time) : live_(live), time_(time) {
    if (keepAll) pace_.keepAll();
}

void MediaClock::expect(Track track, Expected expected) {
    std::lock_guard lock(mutex_);
    expected_[index(track)] = expected;
    ready_[index(track)] = false;
    changed();
}

void MediaClock::excuse(Track track) {
    std::lock_guard lock(mutex_);
    ready_[index(track)] = true;
    changed();
}

void MediaClock::run() {
    std::lock_guard lock(mutex_);
    running_ = true;
    if (paused_) pace_.begin(*paused_, now());
    paused_.reset();
    changed();
}

void MediaClock::stand() {
    std::lock_guard lock(mutex_);
    if (zero_) rest_ = now() - *zero_;
    if (pace_.begun()) {
        paused_ = pace_.position(now());
        pace_.forget();
    }
    running_ = false;
    zero_.reset();
    firstReady_.reset();
    ready_ = {};
    changed();
}

std::optional<Timestamp> MediaClock::moment(Timestamp media) const {
    if (live_) return pace_.begun() ? std::optional(pace_.moment(media)) : std::nullopt;
    return zero_ ? std::optional(*zero_ + media) : std::nullopt;
}

/// How long whoever is ready waits for the others.
Timestamp MediaClock::patience() const {
    Timestamp longest{};
    for (const auto track : kTracks)
        if (!ready_[index(track)] && expected_[index(track)] != Expected::No)
            longest = std::max(longest, expected_[index(track)] == Expected::Yes ? kTogether : kPerhaps);
    return longest;
}

/// All that are waited for begin together.
void MediaClock::beginIfReady(Timestamp at) {
    if (live_ || zero_ || !running_) return;
    if (firstReady_ && at - *firstReady_ < patience()) return;
    zero_ = at - rest_;
    changed();
}

std::optional<Timestamp> MediaClock::waitFor(Track track, Timestamp media) {
    std::unique_lock lock(mutex_);
    for (;;) {
        if (cancelled_[index(track)]) return std::nullopt;
        const auto at = now();
        if (!moment(media)) {
            ready_[index(track)] = true;
            if (!firstReady_) firstReady_ = at;
            beginIfReady(at);
        }
        const auto due = moment(media);
        if (due && at >= *due) return due;
        const auto seen = version_;
        const auto until = due ? *due : (running_ && !live_ ? *firstReady_ + patience() : at + Timestamp(3'600'000'000));
        const auto deadline = time_.deadline(until);
        wake_.wait_until(lock, deadline, [&] { return version_ != seen; });
        followStandstill(deadline);
    }
}

/// What a file would have played while the process stood still is not missed: it goes on where it was.
void MediaClock::followStandstill(std::chrono::steady_clock::time_point deadline) {
    const auto at = livepusher::now();
    const auto missed = stoodStill_.missed(std::chrono::duration_cast<Timestamp>(deadline.time_since_epoch()), at);
    if (missed == Timestamp{} || !zero_) return;
    *zero_ += time_.at(at) - time_.at(at - missed);
    changed();
}

void MediaClock::cancel(Track track) {
    std::lock_guard lock(mutex_);
    cancelled_[index(track)] = true;
    changed();
}

void MediaClock::allow(Track track) {
    std::lock_guard lock(mutex_);
    cancelled_[index(track)] = false;
}

Timestamp MediaClock::position() const {
    std::lock_guard lock(mutex_);
    if (live_) return pace_.begun() ? pace_.position(now()) : paused_.value_or(Timestamp{});
    return zero_ ? now() - *zero_ : rest_;
}

void MediaClock::postpone(Timestamp by) {
    std::lock_guard lock(mutex_);
    if (zero_) *zero_ += by;
    changed();
}

void MediaClock::beginLive(Timestamp media, Timestamp moment) {
    std::lock_guard lock(mutex_);
    pace_.begin(media, moment);
    changed();
}

bool MediaClock::begun() const {
    std::lock_guard lock(mutex_);
    return live_ ? pace_.begun() : zero_.has_value();
}

void MediaClock::arrived(Timestamp media, Timestamp arrival) {
    std::lock_guard lock(mutex_);
    if (!pace_.arrived(media, arrival)) return;
    changed();
}

void MediaClock::heldBack(Timestamp at) {
    std::lock_guard lock(mutex_);
    pace_.heldBack(at);
}

void MediaClock::forget() {
    std::lock_guard lock(mutex_);
    pace_.forget();
    changed();
}

double MediaClock::rate() const {
    std::lock_guard lock(mutex_);
    return live_ ? pace_.rate() : 1;
}

}  // namespace livepusher::capture
