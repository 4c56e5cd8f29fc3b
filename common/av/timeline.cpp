// SPDX-License-Identifier: MIT
#include "av/timeline.hpp"

#include <algorithm>

namespace livepusher::capture {
namespace {

constexpr Timestamp kUsualPause{2'000'000};  // one stamp for so much is usual: where a stream is joined, and for blocks of sound
constexpr Timestamp kSoundBack{40'000};      // codecs' padding overlaps by less where files are joined
constexpr Timestamp kLongestSound{2'000'000};
constexpr Timestamp kRounding{1'500};
constexpr Timestamp kTick{1'000};          // muxers that may not go back go on by their least step
constexpr Timestamp kNear{2'000'000};      // so far apart the two tracks of one clock may lie in a file
constexpr Timestamp kTight{1'000'000};     // closer than this, one track tells of the other
constexpr Timestamp kApart{60'000'000};    // further than this no file begins one track after the other
constexpr Timestamp kReorder{10'000'000};  // no picture is shown so long after it is decoded

Timestamp distance(Timestamp a, Timestamp b) { return a > b ? a - b : b - a; }

}  // namespace

void Timeline::begin(std::optional<Timestamp> base, Timestamp at) {
    base_ = base;
    at_ = at;
    for (auto& state : tracks_) {
        state.offset.reset();
        state.lastRaw.reset();
        state.next = at;
        state.end = std::max(state.end, at);
        state.count = 0;
        state.standing = {};
        state.any = false;
    }
}

void Timeline::setUsualDuration(Track track, Timestamp duration) {
    tracks_[index(track)].usual = std::max(duration, Timestamp(1));
}

/// The decoding time, but where it can't be that of the picture: some demuxers make it up behind a jump.
Timestamp Timeline::rawOf(const Stamps& stamps) {
    if (!stamps.dts) return *stamps.pts;
    return stamps.pts && distance(*stamps.pts, *stamps.dts) > kReorder ? *stamps.pts : *stamps.dts;
}

/// Of a step ahead to `at`: whether the track has a hole there, as one that goes on beside it shows.
bool Timeline::isGap(const State& state, const State& beside, Timestamp at) {
    const auto step = at - state.next;
    if (step <= kGap) return true;
    if (!beside.any) return step <= kLongGap;
    const auto passed = beside.next - state.next;
    if (passed >= step / 2) return true;  // the other one has been through it
    if (passed >= -kTight) return false;  // it is here too, and has not
    return step <= kLongGap;              // it lies far behind in the file, which says nothing
}

void Timeline::begin(State& state, const State& beside, Timestamp raw) {
    if (!base_) base_ = raw;
    state.offset = at_ - *base_;
    const auto at = raw + *state.offset;
    if (beside.any && distance(at, beside.next) > kApart && distance(at, at_) > kApart) {
        // Nothing in common with the other track: they count from different times, and begin together.
        state.offset = at_ - raw;
    } else if (!beside.any && distance(at, at_) > kLongGap) {
        base_ = raw;  // a beginning that the file's head doesn't tell of
        state.offset = at_ - raw;
    }
}

/// What comes follows all that came; the second track goes by the first one's new count where it has begun the same.
void Timeline::restart(State& state, const State& beside, Timestamp raw) {
    ++restarts_;
    if (beside.offset && beside.count > state.count && distance(raw + *beside.offset, state.next) <= kNear) {
        state.offset = *beside.offset;
        state.count = beside.count;
        return;
    }
    const bool tight = beside.any && distance(state.next, beside.next) <= kNear;
    state.offset = (tight ? std::max(state.next, beside.next) : state.next) - raw;
    ++state.count;
}

Timeline::Place Timeline::place(Track track, const Stamps& stamps) {
    auto& state = tracks_[index(track)];
    const auto& beside = tracks_[index(other(track))];
    Place place;
    place.duration = stamps.duration > Timestamp{} ? stamps.duration : state.usual;
    // MP4 makes a packet last up to the next one: of sound that is the jump itself, and no sound is so long.
    if (track == Track::Audio && place.duration > kLongestSound) place.duration = state.usual;
    const bool stamped = stamps.pts || stamps.dts;
    const auto raw = stamped ? rawOf(stamps) : Timestamp{};
    // By ticks in either direction: of pictures that are shown in another order than decoded, each other one lies behind.
    const bool stands = !stamped || (state.lastRaw && distance(raw, *state.lastRaw) <= std::min(kTick, state.usual / 4));
    if (stands) {
        if (stamped) state.lastRaw = raw;
        // Nothing new: it follows the one before. The first of all is where the pass begins. Lengths that are rounded to a
        // container's millisecond would add up, and such up to the next stamp say nothing either.
        if (distance(place.duration, state.usual) < kRounding || place.duration < state.usual / 4) place.duration = state.usual;
        state.standing += place.duration;
        counted_ = counted_ || state.standing > kUsualPause;
        place.dts = state.next;
    } else {
        if (!state.offset) begin(state, beside, raw);
        const auto at = raw + *state.offset;
        const bool first = !state.any;
        // Sound has no order but its own: what goes back behind its last packet counts anew, by little too.
        const bool sound = track == Track::Audio && state.lastRaw && raw < *state.lastRaw;
        const auto back = sound ? std::max(kSoundBack, 3 * state.usual / 2) : std::max(kBack, 4 * state.usual);
        if (!first && (at < state.next - back || !isGap(state, beside, at))) restart(state, beside, raw);
        // What a file says of its rate is an average over all that is wrong in it; what comes twice is its beat.
        if (stamps.duration > kTick && distance(stamps.duration, state.last) < kRounding) state.usual = stamps.duration;
        state.last = stamps.duration;
        state.lastRaw = raw;
        state.standing = {};
        place.dts = raw + *state.offset;
        // All that is told is when it is shown, which may be long after those that come behind it (MKV's first pictures).
        if (!first && !stamps.dts && track == Track::Video && place.dts > state.next && place.dts <= state.next + back)
            place.dts = state.next;
        if (stamps.pts) {
            const auto pts = *stamps.pts + *state.offset;
            if (distance(pts, place.dts) <= kReorder) place.pts = pts;
        }
    }
    state.any = true;
    state.next = place.dts + place.duration;
    state.end = std::max(state.end, place.pts.value_or(place.dts) + place.duration);
    return place;
}

}  // namespace livepusher::capture
