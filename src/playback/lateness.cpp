// SPDX-License-Identifier: MIT
#include "playback/lateness.hpp"

#include <algorithm>

namespace livepusher::playback {

void Lateness::packet(Timestamp media, Timestamp arrival) {
    const auto interval = arrival / kInterval;
    const auto offset = arrival - media;
    if (interval != interval_) {
        if (interval_ >= 0) sample(largest_);
        interval_ = interval;
        largest_ = {};
    }
    follow(offset, interval);
    largest_ = std::max(largest_, offset - *base_);
}

void Lateness::follow(Timestamp offset, std::int64_t interval) {
    auto& slot = slots_[static_cast<std::size_t>(interval) % kSlots];
    const bool begins = slot.interval != interval;
    if (begins || offset < slot.least) slot = {interval, offset};
    if (base_ && !begins) {
        base_ = std::min(*base_, offset);
        return;
    }
    base_ = offset;
    for (const auto& other : slots_)
        if (other.interval >= 0 && interval - other.interval < static_cast<std::int64_t>(kSlots))
            base_ = std::min(*base_, other.least);
}

void Lateness::sample(Timestamp largest) {
    ++samples_;
    const auto forget = std::clamp(1 - kStartWeight / (samples_ + 1), 0.0, kForget);
    for (auto& share : histogram_) share *= forget;
    histogram_[std::min(static_cast<std::size_t>(largest / kBucket), kBuckets - 1)] += 1 - forget;
    double all = 0, sum = 0;
    for (const auto share : histogram_) all += share;  // 1, but for rounding over days
    std::size_t bucket = 0;
    while (bucket + 1 < kBuckets && (sum += histogram_[bucket]) < kQuantile * all) ++bucket;
    quantile_ = kBucket * (static_cast<std::int64_t>(bucket) + 1);
}

}  // namespace livepusher::playback
