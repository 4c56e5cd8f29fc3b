// SPDX-License-Identifier: MIT
#include "pipeline/send_queue.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::pipeline {

using Kind = Packet::Kind;
using Track = Packet::Track;

namespace {
constexpr Timestamp kAwait{500'000};
}

void SendQueue::expect(bool video, bool audio) {
    std::lock_guard lock(mutex_);
    videoAwaited_ = video;
    audioAwaited_ = audio;
}

void SendQueue::release() {
    if (videoAwaited_ || audioAwaited_) {
        for (const auto& p : packets_)
            if (p.kind == Kind::Config) (p.track == Track::Video ? videoAwaited_ : audioAwaited_) = false;
        if ((videoAwaited_ || audioAwaited_) && span() < kAwait && !finished_) return;
        videoAwaited_ = audioAwaited_ = false;
        std::stable_partition(packets_.begin(), packets_.end(), [](const Packet& p) { return p.kind == Kind::Config; });
    }
}

bool SendQueue::push(Packet packet) {
    std::deque<Packet> dropped;  // destroyed after the lock is released
    bool wantKey = false;
    {
        std::lock_guard lock(mutex_);
        if (closed_ || finished_) return false;
        if (packet.track == Track::Video) {
            if (packet.kind == Kind::Key) waitingForKey_ = false;
            if (packet.kind == Kind::Delta && waitingForKey_) {
                ++droppedVideo_;
                return false;
            }
        }
        packets_.push_back(std::move(packet));
        release();
        if (limit_ > Timestamp::zero() && span() > limit_) {
            connected_ ? trimVideo(dropped) : clearMedia(dropped);
            wantKey = waitingForKey_;
        }
    }
    ready_.notify_one();
    return wantKey;
}

Timestamp SendQueue::span() const {
    const auto isMedia = [](const Packet& p) { return p.kind != Kind::Config; };
    const auto first = std::find_if(packets_.begin(), packets_.end(), isMedia);
    if (first == packets_.end()) return {};
    const auto last = std::find_if(packets_.rbegin(), packets_.rend(), isMedia);
    return last->dts - first->dts;
}

void SendQueue::trimVideo(std::deque<Packet>& dropped) {
    std::deque<Packet> kept;
    for (auto& p : packets_) {
        const bool goes = p.track == Track::Video && p.kind == Kind::Delta;
        (goes ? dropped : kept).push_back(std::move(p));
    }
    packets_.swap(kept);
    droppedVideo_ += dropped.size();
    if (!dropped.empty()) waitingForKey_ = true;
}

void SendQueue::clearMedia(std::deque<Packet>& dropped) {
    for (auto& p : packets_) {
        if (p.kind == Kind::Config)
            rememberConfig(p);
        else
            ++(p.track == Track::Video ? droppedVideo_ : droppedAudio_);
    }
    dropped.swap(packets_);
    waitingForKey_ = true;
}

void SendQueue::rememberConfig(const Packet& packet) { (packet.track == Track::Video ? videoConfig_ : audioConfig_) = packet; }

std::optional<Packet> SendQueue::pop() {
    std::unique_lock lock(mutex_);
    const auto held = [&] { return videoAwaited_ || audioAwaited_; };
    ready_.wait(lock, [&] { return closed_ || finished_ || woken_ || (!packets_.empty() && !held()); });
    woken_ = false;
    if (packets_.empty() || held()) return std::nullopt;
    std::optional<Packet> packet(std::move(packets_.front()));
    packets_.pop_front();
    if (packet->kind == Kind::Config) rememberConfig(*packet);
    return packet;
}

bool SendQueue::connected(Timestamp stale, std::vector<Packet>& configs) {
    std::deque<Packet> dropped;
    std::lock_guard lock(mutex_);
    connected_ = true;
    if (span() > stale && !videoAwaited_ && !audioAwaited_) clearMedia(dropped);
    if (videoConfig_) configs.push_back(*videoConfig_);
    if (audioConfig_) configs.push_back(*audioConfig_);
    // A delta picture at the head means its key frame went to the connection before.
    for (const auto& p : packets_) {
        if (p.track != Track::Video || p.kind == Kind::Config) continue;
        if (p.kind == Kind::Delta) trimVideo(dropped);
        break;
    }
    if (packets_.empty() && videoConfig_) waitingForKey_ = true;
    return waitingForKey_;
}

void SendQueue::disconnected() {
    std::lock_guard lock(mutex_);
    connected_ = false;
}

void SendQueue::finish() {
    {
        std::lock_guard lock(mutex_);
        finished_ = true;
        release();
    }
    ready_.notify_all();
}

void SendQueue::close() {
    std::deque<Packet> forgotten;
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
        forgotten.swap(packets_);
    }
    ready_.notify_all();
}

void SendQueue::wake() {
    {
        std::lock_guard lock(mutex_);
        woken_ = true;
    }
    ready_.notify_all();
}

bool SendQueue::ended() const {
    std::lock_guard lock(mutex_);
    return closed_ || (finished_ && packets_.empty());
}

SendQueue::Counts SendQueue::counts() const {
    std::lock_guard lock(mutex_);
    Counts c{.droppedVideo = droppedVideo_, .droppedAudio = droppedAudio_, .span = span()};
    for (const auto& p : packets_) {
        if (p.kind == Kind::Config) continue;
        ++(p.track == Track::Video ? c.video : c.audio);
        if (p.data) c.bytes += p.data->size();
    }
    return c;
}

}  // namespace livepusher::pipeline
