// SPDX-License-Identifier: MIT
#include "playback/timeline.hpp"

#include <algorithm>

namespace livepusher::playback {
namespace {

constexpr std::int64_t kTurn = (std::int64_t{1} << 32) * 1000;  // µs until the stream's count begins anew by itself
constexpr Timestamp kReorder{10'000'000};                       // what a picture may be shown later than decoded

std::size_t index(Packet::Track track) { return track == Packet::Track::Video ? 1 : 0; }

}  // namespace

/// The stamp of that residue that is nearest to the one before.
Timestamp Timeline::unwrapped(Timestamp stamp) {
    if (lastRaw_) {
        auto step = (stamp - *lastRaw_).count() % kTurn;
        if (step < -kTurn / 2) step += kTurn;
        if (step >= kTurn / 2) step -= kTurn;
        stamp = *lastRaw_ + Timestamp(step);
    }
    lastRaw_ = stamp;
    return stamp;
}

bool Timeline::near(Timestamp media, Timestamp last, const Track& track) const {
    const auto back = track.continues ? kContinuedBack : track.attentive ? kBackAtStart : kBack;
    const auto forward = track.continues ? kContinuedForward : kForward;
    return media >= last - back && media <= last + forward;
}

/// The offset of the count that a stamp belongs to, if it belongs to one that is known.
std::optional<Timestamp> Timeline::knownOffset(const Track& track, const Track& other, Timestamp raw) const {
    if (track.offset) {
        const auto media = raw + *track.offset;
        if (near(media, track.last, track)) return track.offset;
        if (other.offset == track.offset && near(media, other.last, track)) return track.offset;
    } else if (other.offset && near(raw + *other.offset, other.last, track)) {
        return other.offset;
    }
    if (newOffset_ && newOffset_ != track.offset && newOffsetEnd_ - leapAt_ <= kToFollow &&
        near(raw + *newOffset_, newOffsetEnd_, track))
        return newOffset_;
    // A stamp that was out of order alone, and the count goes on as it was.
    if (track.oldOffset && near(raw + *track.oldOffset, track.oldLast, track)) return track.oldOffset;
    return std::nullopt;
}

/// Media goes on where the time since the newest packet says.
Timestamp Timeline::leap(Timestamp raw, Timestamp arrival) {
    leapAt_ = newest_ + std::max(arrival - newestArrival_, Timestamp(0));
    newOffsetEnd_ = leapAt_;
    newOffset_ = leapAt_ - raw;
    return *newOffset_;
}

Timeline::Place Timeline::place(Packet::Track which, Timestamp dts, Timestamp pts, Timestamp arrival) {
    auto &track = tracks_[index(which)], &other = tracks_[1 - index(which)];
    const auto composition = std::clamp(pts - dts, -kReorder, kReorder);
    const bool first = !lastRaw_;
    const auto raw = unwrapped(dts);
    Place out;
    auto offset = first ? std::optional(-raw) : knownOffset(track, other, raw);
    if (!offset) {
        offset = leap(raw, arrival);
        out.leapt = true;
        ++leaps_;
    }
    if (track.offset && offset != track.offset) {
        track.oldOffset = track.offset;
        track.oldLast = track.last;
    }
    auto media = raw + *offset;
    if (track.continues) track.repeats = !out.leapt && track.offset && media <= track.received;
    if (track.repeats && media > track.received) track.repeats = false;
    if (track.offset && !track.repeats) media = std::max(media, track.last);
    track.offset = offset;
    track.last = media;
    track.continues = track.attentive = false;
    if (offset == newOffset_) newOffsetEnd_ = std::max(newOffsetEnd_, media);
    if (first || media >= newest_) {
        newest_ = media;
        newestArrival_ = arrival;
    }
    out.dts = media;
    out.pts = media + composition;
    out.known = track.repeats;
    return out;
}

void Timeline::reconnected() {
    for (auto& track : tracks_) {
        if (!track.repeats) track.received = track.last;
        track.continues = track.offset.has_value();
    }
}

void Timeline::began() {
    for (auto& track : tracks_) track.attentive = true;
}

void Timeline::configChanged(Packet::Track which) {
    auto& track = tracks_[index(which)];
    track.continues = false;
    track.attentive = true;
}

}  // namespace livepusher::playback
