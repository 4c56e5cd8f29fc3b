// SPDX-License-Identifier: MIT
#include "pipeline/wait_cause.hpp"

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

constexpr auto kWindow = 500ms;
constexpr auto kLeastKnown = 150ms;  // to judge by
constexpr auto kPatience = 3s;       // with a server that doesn't read: who knows what is behind it
constexpr auto kBegins = 300ms;      // to read again, until that shows
constexpr double kMost = 0.5;        // of the time

double share(std::chrono::microseconds part, WaitCause::Time from, WaitCause::Time to) {
    return std::chrono::duration<double>(part) / std::chrono::duration<double>(to - from);
}

}  // namespace

bool WaitCause::elsewhere(const Sample& sample) {
    if (!sample.use) return false;
    if (!uses_.empty() && sample.use->busy < uses_.back().use.busy) forget();  // another connection
    uses_.push_back({sample.at, *sample.use});
    while (sample.at - uses_.front().at > kWindow) uses_.pop_front();
    if (!sample.waiting) {
        readerStalled_.reset();
        return false;
    }
    const auto& first = uses_.front();
    if (sample.at - first.at < kLeastKnown) return false;
    // A line that had nothing to carry for half of the time is not what held things up.
    if (share(sample.use->busy - first.use.busy, first.at, sample.at) < kMost) return true;
    const bool unread = share(sample.use->unread - first.use.unread, first.at, sample.at) > kMost;
    if (unread && sample.stalled) {
        if (!readerStalled_) readerStalled_ = sample.at;
        stoodUntil_ = sample.at;
    }
    if (!readerStalled_ || sample.at - *readerStalled_ > kPatience) return false;
    return sample.catchesUp || sample.at - stoodUntil_ <= kBegins;
}

}  // namespace livepusher::pipeline
