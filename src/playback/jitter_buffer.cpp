// SPDX-License-Identifier: MIT
#include "playback/jitter_buffer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace livepusher::playback {
namespace {

constexpr Timestamp kWarmUp{100'000};

bool sameConfig(const std::optional<Packet>& last, const Packet& config) {
    if (!last || !last->data || !config.data) return false;
    const auto headerless = [](const Packet& p) {
        return p.description ? p.description->headerless : Packet::HeaderlessSound::None;
    };
    return *last->data == *config.data && headerless(*last) == headerless(config);
}

std::size_t sizeOf(const Packet& packet) { return packet.data ? packet.data->size() : 0; }

}  // namespace

void JitterBuffer::setSettings(const DelaySettings& settings) {
    const std::lock_guard lock(mutex_);
    playout_.setSettings(settings);
}

void JitterBuffer::attach(ConnectionId connection) {
    const std::lock_guard lock(mutex_);
    const bool again = connection_ != 0;
    connection_ = connection;
    offered_ = {};
    keySeen_ = false;
    if (again) timeline_.reconnected();
}

void JitterBuffer::offer(ConnectionId connection) {
    const std::lock_guard lock(mutex_);
    offered_ = {.id = connection, .configs = {}, .pictures = tracks_[index(Packet::Track::Video)].newest.has_value()};
}

/// Whether the offered connection has come to where it can be gone on from.
bool JitterBuffer::takesOver(const Packet& packet) {
    if (packet.kind == Packet::Kind::Config) {
        std::erase_if(offered_.configs, [&](const Packet& old) { return old.track == packet.track; });
        offered_.configs.push_back(packet);
        return false;
    }
    return packet.kind == Packet::Kind::Key && (packet.track == Packet::Track::Video || !offered_.pictures);
}

JitterBuffer::Taken JitterBuffer::take(ConnectionId connection, Packet packet, Timestamp arrival) {
    const std::lock_guard lock(mutex_);
    Taken taken;
    if (closed_) return taken;
    if (connection != connection_) {
        if (connection != offered_.id || !takesOver(packet)) return taken;
        connection_ = connection;
        keySeen_ = false;
        timeline_.reconnected();
        taken.tookOver = true;
        for (auto& config : std::exchange(offered_, {}).configs) append(std::move(config), arrival);
    }
    taken.counts = true;
    if (packet.kind == Packet::Kind::Key && packet.track == Packet::Track::Video && !std::exchange(keySeen_, true))
        taken.firstKey = true;
    append(std::move(packet), arrival);
    return taken;
}

void JitterBuffer::began(ConnectionId connection) {
    const std::lock_guard lock(mutex_);
    if (connection == connection_) timeline_.began();
}

void JitterBuffer::append(Packet packet, Timestamp arrival) {
    auto& track = tracks_[index(packet.track)];
    const bool video = packet.track == Packet::Track::Video;
    if (packet.kind == Packet::Kind::Config) {
        if (!sameConfig(track.config, packet)) {
            if (track.config) timeline_.configChanged(packet.track);
            track.config = packet;
        }
        track.waiting.push_back({std::move(packet), false});
        return;
    }
    const bool key = packet.kind == Packet::Kind::Key;
    counted_.streamTime = packet.dts;
    const auto place = timeline_.place(packet.track, packet.dts, packet.pts, arrival);
    (video ? counted_.videoBytes : counted_.audioBytes) += sizeOf(packet);
    packet.dts = place.dts;
    packet.pts = place.pts;
    if (place.leapt) {
        lastKey_.reset();
        transit_.reset();
    }
    const auto transit = arrival - place.dts;
    if (transit_) jitter_ += (std::abs(static_cast<double>((transit - *transit_).count())) - jitter_) / 16;
    transit_ = transit;
    if (video && key) {
        if (lastKey_ && place.dts > *lastKey_) counted_.gop = static_cast<double>((place.dts - *lastKey_).count()) / 1e6;
        lastKey_ = place.dts;
    }
    if (!place.known) {
        track.newest = std::max(track.newest.value_or(place.dts), place.dts);
        playout_.packet(packet.track, key, place.dts, arrival);
    } else if (!video) {
        return;  // sound needs nothing of before
    }
    if (video && waitsForKey_ && !key) return;
    if (video) waitsForKey_ = false;
    bytes_ += sizeOf(packet);
    track.waiting.push_back({std::move(packet), place.known});
    bound();
    if (video) pictures_.notify_all();
}

void JitterBuffer::bound() {
    if (bytes_ > kBytes) playout_.skip();
    if (bytes_ > kMostBytes) giveUp();
}

/// Nobody takes what is here: all but the configurations goes.
void JitterBuffer::giveUp() {
    for (auto& track : tracks_)
        std::erase_if(track.waiting, [](const Placed& each) { return each.packet.kind != Packet::Kind::Config; });
    bytes_ = 0;
    waitsForKey_ = true;
}

Playout::Orders JitterBuffer::tick(Timestamp now, Timestamp playhead, Timestamp lead) {
    const std::lock_guard lock(mutex_);
    return playout_.tick(now, playhead, lead);
}

void JitterBuffer::setPaused(bool paused) {
    const std::lock_guard lock(mutex_);
    playout_.setPaused(paused);
}

void JitterBuffer::skip() {
    const std::lock_guard lock(mutex_);
    playout_.skip();
}

void JitterBuffer::ending() {
    const std::lock_guard lock(mutex_);
    playout_.ending();
}

void JitterBuffer::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        for (auto& track : tracks_) track.waiting.clear();
        bytes_ = 0;
    }
    pictures_.notify_all();
}

JitterBuffer::Figures JitterBuffer::figures(Timestamp now, Timestamp playhead) const {
    const std::lock_guard lock(mutex_);
    auto f = counted_;
    f.delay = playout_.delay(now, playhead);
    f.target = playout_.target();
    f.level = playout_.level(playhead);
    f.speed = playout_.speed();
    f.stalls = playout_.stalls();
    f.skips = playout_.skips();
    f.skipped = playout_.skipped();
    f.newestAudio = tracks_[0].newest;
    f.newestVideo = tracks_[1].newest;
    f.newest = std::max(f.newestAudio, f.newestVideo).value_or(Timestamp(0));
    if (f.newestVideo) f.videoSpan = std::max(*f.newestVideo - playhead, Timestamp(0));
    if (f.newestAudio) f.audioSpan = std::max(*f.newestAudio - playhead, Timestamp(0));
    f.pictures = static_cast<std::size_t>(
        std::ranges::count_if(tracks_[1].waiting, [](const Placed& p) { return p.packet.kind != Packet::Kind::Config; }));
    f.lateness = playout_.lateness().quantile();
    if (playout_.lateness().base()) f.comingLate = now - *playout_.lateness().base() - f.newest;
    f.jitter = Timestamp(std::llround(jitter_));
    return f;
}

std::optional<Placed> JitterBuffer::pop(Packet::Track which) {
    const std::lock_guard lock(mutex_);
    auto& waiting = tracks_[index(which)].waiting;
    if (waiting.empty()) return std::nullopt;
    std::optional<Placed> first(std::move(waiting.front()));
    waiting.pop_front();
    if (first->packet.kind != Packet::Kind::Config) bytes_ -= std::min(bytes_, sizeOf(first->packet));
    return first;
}

std::optional<Timestamp> JitterBuffer::next(Packet::Track which) const {
    const std::lock_guard lock(mutex_);
    for (const auto& each : tracks_[index(which)].waiting)
        if (each.packet.kind != Packet::Kind::Config) return each.packet.pts;
    return std::nullopt;
}

void JitterBuffer::waitForPictures(std::chrono::steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    pictures_.wait_until(lock, until, [this] { return closed_ || woken_ || !tracks_[1].waiting.empty(); });
    woken_ = false;
}

void JitterBuffer::waitForWake(std::chrono::steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    pictures_.wait_until(lock, until, [this] { return closed_ || woken_; });
    woken_ = false;
}

void JitterBuffer::wake() {
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
    }
    pictures_.notify_all();
}

std::optional<Timestamp> JitterBuffer::whole() const {
    const std::lock_guard lock(mutex_);
    return playout_.whole();
}

bool JitterBuffer::isEnding() const {
    const std::lock_guard lock(mutex_);
    return playout_.isEnding();
}

bool JitterBuffer::soundAlive() const {
    const std::lock_guard lock(mutex_);
    const auto &audio = tracks_[0].newest, &video = tracks_[1].newest;
    return audio && (!video || *audio >= *video - TrackEnds::kAlive);
}

/// The first `count` are not needed; the last configuration among them is.
void JitterBuffer::forget(std::deque<Placed>& waiting, std::size_t count) {
    std::optional<Placed> config;
    for (; count > 0; --count) {
        if (waiting.front().packet.kind == Packet::Kind::Config)
            config = std::move(waiting.front());
        else
            bytes_ -= std::min(bytes_, sizeOf(waiting.front().packet));
        waiting.pop_front();
    }
    if (config) waiting.push_front(std::move(*config));
}

bool JitterBuffer::dropPicturesTo(Timestamp to) {
    const std::lock_guard lock(mutex_);
    auto& waiting = tracks_[1].waiting;
    std::size_t key = 0;
    bool found = false;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        const auto& packet = waiting[i].packet;
        if (packet.kind == Packet::Kind::Config) continue;
        if (packet.dts > to) break;
        if (packet.kind == Packet::Kind::Key) {
            key = i;
            found = true;
        }
    }
    if (!found) return false;
    forget(waiting, key);
    return true;
}

void JitterBuffer::dropSoundTo(Timestamp to) {
    const std::lock_guard lock(mutex_);
    auto& waiting = tracks_[0].waiting;
    const auto from = std::ranges::find_if(
        waiting, [&](const Placed& each) { return each.packet.kind != Packet::Kind::Config && each.packet.pts >= to - kWarmUp; });
    forget(waiting, static_cast<std::size_t>(from - waiting.begin()));
}

}  // namespace livepusher::playback
