// SPDX-License-Identifier: MIT
#include "pipeline/interleaver.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::pipeline {

void Interleaver::add(Packet packet, Timestamp now) {
    auto& track = tracks_[static_cast<std::size_t>(packet.track)];
    if (packet.kind != Packet::Kind::Config) {
        track.reached = packet.dts;
        track.lastAdded = now;
    }
    track.held.push_back({std::move(packet), now});
}

/// When the oldest packet of a track belongs out. A Config goes with what follows it; a sound track's, which comes long
/// before, at once.
Timestamp Interleaver::timeOf(const Track& track) const {
    for (const auto& held : track.held)
        if (held.packet.kind != Packet::Kind::Config) return held.packet.dts;
    return track.held.front().packet.track == Packet::Track::Audio ? Timestamp::min() : Timestamp::max();
}

/// The track whose oldest packet is the next in time.
std::optional<std::size_t> Interleaver::first() const {
    if (tracks_[0].held.empty() && tracks_[1].held.empty()) return std::nullopt;
    if (tracks_[0].held.empty()) return 1U;
    if (tracks_[1].held.empty()) return 0U;
    return timeOf(tracks_[0]) <= timeOf(tracks_[1]) ? 0U : 1U;
}

/// Until when the oldest packet of `track`, the first of all, is held.
Timestamp Interleaver::until(std::size_t track) const {
    const auto since = tracks_[track].held.front().since;
    const auto time = timeOf(tracks_[track]);
    if (time == Timestamp::max()) return since + kPatience;
    const auto& other = tracks_[1 - track];
    if (!other.reached || *other.reached >= time) return since;
    return std::min(since + kPatience, std::max(since, other.lastAdded + kQuiet));
}

std::optional<Packet> Interleaver::next(Timestamp now) {
    const auto track = first();
    if (!track || until(*track) > now) return std::nullopt;
    auto& held = tracks_[*track].held;
    auto packet = std::move(held.front().packet);
    held.pop_front();
    return packet;
}

std::optional<Timestamp> Interleaver::due() const {
    const auto track = first();
    if (!track) return std::nullopt;
    return until(*track);
}

}  // namespace livepusher::pipeline
