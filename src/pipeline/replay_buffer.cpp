// SPDX-License-Identifier: MIT
#include "pipeline/replay_buffer.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::pipeline {

namespace {

using Kind = Packet::Kind;
using Track = Packet::Track;

std::size_t sizeOf(const Packet& packet) { return sizeof(Packet) + (packet.data ? packet.data->size() : 0); }

/// When it is due; a Config goes with what follows it on its track.
Timestamp dueAt(const std::deque<const Packet*>& track) {
    for (const auto* packet : track)
        if (packet->kind != Kind::Config) return packet->dts;
    return Timestamp::max();
}

}  // namespace

void ReplayBuffer::begin(Timestamp length) {
    std::deque<Packet> gone;
    std::lock_guard lock(mutex_);
    gone.swap(packets_);
    length_ = length;
    latest_ = {};
    pictures_ = false;
    first_ = 0;
    keys_.clear();
    configs_ = {};
    bytes_ = 0;
}

void ReplayBuffer::keep(const Packet& packet) {
    std::vector<Packet> gone;  // destroyed after the lock is released
    std::lock_guard lock(mutex_);
    if (length_ <= Timestamp::zero()) return;
    if (packet.track == Track::Video && !std::exchange(pictures_, true)) keys_.clear();  // sound alone is no place to begin at
    if (packet.kind != Kind::Config) latest_ = std::max(latest_, packet.dts);
    if (packet.kind == Kind::Key && (packet.track == Track::Video || !pictures_))
        keys_.push_back({first_ + packets_.size(), packet.dts});
    packets_.push_back(packet);
    bytes_ += sizeOf(packet);
    trim(gone);
}

void ReplayBuffer::trim(std::vector<Packet>& gone) {
    while (keys_.size() > 1 && (keys_[1].dts <= latest_ - length_ || bytes_ > kMost)) {
        keys_.pop_front();
        dropTo(keys_.front().number, gone);
    }
    if (bytes_ <= kMost) return;  // one group of pictures that is too long: the next key frame begins anew
    keys_.clear();
    dropTo(first_ + packets_.size(), gone);
}

void ReplayBuffer::dropTo(std::uint64_t number, std::vector<Packet>& gone) {
    for (; first_ < number; ++first_) {
        auto& packet = packets_.front();
        bytes_ -= sizeOf(packet);
        if (packet.kind == Kind::Config) configs_.at(static_cast<std::size_t>(packet.track)) = packet;
        gone.push_back(std::move(packet));
        packets_.pop_front();
    }
}

// Pictures leave their encoder later than sound: two tracks, merged.
std::vector<Packet> ReplayBuffer::take() const {
    std::vector<Packet> out;
    std::lock_guard lock(mutex_);
    if (keys_.empty()) return out;
    auto configs = configs_;
    std::array<std::deque<const Packet*>, 2> tracks;
    auto number = first_;
    for (const auto& packet : packets_) {
        const bool before = number++ < keys_.front().number;
        if (before && packet.kind == Kind::Config)
            configs.at(static_cast<std::size_t>(packet.track)) = packet;
        else if (!before)
            tracks.at(static_cast<std::size_t>(packet.track)).push_back(&packet);
    }
    out.reserve(packets_.size() + 2);
    for (const auto& config : configs)
        if (config) out.push_back(*config);
    while (!tracks[0].empty() || !tracks[1].empty()) {
        auto& next = tracks[1].empty() || (!tracks[0].empty() && dueAt(tracks[0]) < dueAt(tracks[1])) ? tracks[0] : tracks[1];
        out.push_back(*next.front());
        next.pop_front();
    }
    return out;
}

}  // namespace livepusher::pipeline
