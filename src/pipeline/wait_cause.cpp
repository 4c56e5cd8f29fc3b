// SPDX-License-Identifier: MIT
#include "pipeline/wait_cause.hpp"

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

constexpr auto kIdleWindow = 300ms;
constexpr auto kShutWindow = 200ms;
constexpr auto kReaderPatience = 3s;  // with a server that doesn't read: nobody knows what is behind it
constexpr auto kGetsGoing = 200ms;    // until what it takes again shows in the rate
constexpr double kMost = 0.5;         // of the time

}  // namespace

double WaitCause::share(std::chrono::microseconds rtmp::LineUse::*part, std::chrono::milliseconds window) const {
    const auto& now = samples_.back();
    auto first = samples_.begin();  // the last one that is as old as the window, or the oldest
    for (auto s = samples_.begin(); s != samples_.end() && now.at - s->at >= window; ++s) first = s;
    if (first->at == now.at) return 1;
    return std::chrono::duration<double>(now.use.*part - first->use.*part) / std::chrono::duration<double>(now.at - first->at);
}

/// The kernel sends at once what it is given, and that arrives in time; or it had nothing to carry for most of the time. So
/// the line could take more.
bool WaitCause::idle() const {
    const auto& now = samples_.back();
    return (!now.unsent && !now.underWayLong) || share(&rtmp::LineUse::busy, kIdleWindow) < kMost;
}

/// A server that gets no processor stands still, and takes all there is when it gets one. A proxy before a slow line
/// reads little all the time, or in gulps that leave the rest waiting: it is the line, as is what stands for long.
bool WaitCause::heldUp(const Sample& sample) {
    const bool stands = sample.stands && share(&rtmp::LineUse::unread, kShutWindow) > kMost;
    switch (reader_) {
        case Reader::Reads:
            if (!stands || !sample.cpuShort) break;
            stoodAt_ = sample.at;
            reader_ = Reader::Stands;
            break;
        case Reader::Stands:
            if (stands) break;
            movedAt_ = sample.at;
            reader_ = Reader::CatchesUp;
            break;
        case Reader::CatchesUp:
            if (stands || (sample.unsent && !sample.catchesUp && sample.at - movedAt_ > kGetsGoing)) reader_ = Reader::Slow;
            break;
        case Reader::Slow: break;
    }
    if (sample.at - stoodAt_ > kReaderPatience && reader_ != Reader::Reads) reader_ = Reader::Slow;
    return reader_ == Reader::Stands || reader_ == Reader::CatchesUp;
}

WaitCause::Cause WaitCause::tick(const Sample& sample) {
    if (!samples_.empty() && sample.use.busy < samples_.back().use.busy) forget();  // another connection
    samples_.push_back(sample);
    while (samples_.size() > 2 && sample.at - samples_[1].at >= kIdleWindow) samples_.pop_front();
    if (!sample.late) {
        reader_ = Reader::Reads;
        return Cause::Line;
    }
    if (heldUp(sample)) return Cause::Server;
    return idle() ? Cause::OwnThreads : Cause::Line;
}

}  // namespace livepusher::pipeline
