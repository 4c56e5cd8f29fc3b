// SPDX-License-Identifier: MIT
#include "pipeline/send_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace livepusher::pipeline {

using Kind = Packet::Kind;
using Track = Packet::Track;

namespace {

/// So much media is held for what should come first, no more.
constexpr Timestamp kAwait{500'000};

/// A step in time longer than this is one in which nothing was made (the process stood still), not media that waits.
constexpr Timestamp kHole{3'000'000};

/// While the outlet is at work, sound goes only when this many times the limit waits: the line carries not even that.
constexpr int kSoundLimit = 5;

bool isMedia(const Packet& p) { return p.kind != Kind::Config; }
bool isPicture(const Packet& p) { return p.track == Track::Video && isMedia(p); }
bool isPictureKey(const Packet& p) { return p.track == Track::Video && p.kind == Kind::Key; }

}  // namespace

void SendQueue::awaitKey(Timestamp longest) {
    std::lock_guard lock(mutex_);
    keyAwait_ = longest;
}

void SendQueue::sourcesOpen() {
    std::lock_guard lock(mutex_);
    sourcesAwaited_ = false;
    wakeAll();
}

bool SendQueue::mayBegin(Outlet& me) {
    std::lock_guard lock(mutex_);
    if (sourcesAwaited_) await(me);
    return !sourcesAwaited_;
}

// What me has read of its wake is over: only what comes from here on counts.
void SendQueue::await(Outlet& me) {
    if (std::exchange(me.waits_, true)) return;
    me.wake_.drain();
    waiting_.push_back(&me);
}

void SendQueue::wakeAll() {
    for (auto* const outlet : std::exchange(waiting_, {})) {
        outlet->waits_ = false;
        outlet->wake_.signal();
    }
}

void SendQueue::release() {
    if (opening_ && (span(isMedia) >= std::max(kAwait, keyAwait_) || finished_)) opening_ = false;
    if (videoAwaited_ || audioAwaited_) {
        for (const auto& p : packets_)
            if (p.kind == Kind::Config) (p.track == Track::Video ? videoAwaited_ : audioAwaited_) = false;
        if ((videoAwaited_ || audioAwaited_) && span(isMedia) < kAwait && !finished_) return;
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
        if (interleaver_) {
            interleaver_->add(std::move(packet), now());
            admitDue(dropped);
        } else {
            keyWanted_ = admit(std::move(packet), dropped);
        }
        wantKey = std::exchange(keyWanted_, false);
        wakeAll();
    }
    return wantKey;
}

bool SendQueue::admit(Packet packet, std::deque<Packet>& dropped) {
    if (isOfBefore(packet)) return false;
    if (packet.track == Track::Video) {
        if (packet.kind == Kind::Key) waitingForKey_ = false;
        if (packet.kind == Kind::Delta && waitingForKey_) {
            ++droppedVideo_;
            return false;
        }
    }
    const bool key = isPictureKey(packet);
    packets_.insert(place(packet), std::move(packet));
    if (opening_ && key) dropBeforeKey(dropped);
    release();
    return limit_ > Timestamp::zero() && keepTo(limit_, dropped);
}

/// Before what is of the other track, later in time and still here.
std::deque<Packet>::const_iterator SendQueue::place(const Packet& packet) const {
    auto at = packets_.end();
    if (!interleaver_ || !isMedia(packet)) return at;
    while (at != packets_.begin()) {
        const auto& before = *std::prev(at);
        if (before.track == packet.track || !isMedia(before) || before.dts <= packet.dts) break;
        --at;
    }
    return at;
}

void SendQueue::admitDue(std::deque<Packet>& dropped) {
    if (!interleaver_) return;
    while (auto packet = interleaver_->next(now()))
        if (admit(std::move(*packet), dropped)) keyWanted_ = true;
}

bool SendQueue::keepTo(Timestamp limit, std::deque<Packet>& dropped) {
    if (!outlet_) {
        if (span(isMedia) <= limit) return false;
        clearMedia(dropped);
    } else if (span(isMedia) > kSoundLimit * limit) {
        dropMedia(dropped);
    } else if (span(isPicture) > limit) {
        trimVideo(dropped);
    } else {
        return false;
    }
    return waitingForKey_;
}

Timestamp SendQueue::span(bool (*which)(const Packet&)) const {
    auto packet = std::ranges::find_if(packets_, which);
    if (packet == packets_.end()) return {};
    Timestamp total{}, reached = packet->dts;
    for (; packet != packets_.end(); ++packet) {
        if (!isMedia(*packet) || packet->dts <= reached) continue;
        const auto step = packet->dts - reached;
        if (step <= kHole) total += step;
        reached = packet->dts;
    }
    return total;
}

// The newest key frame stays: shown late, it is better than none. Older ones would only make way for it.
void SendQueue::trimVideo(std::deque<Packet>& dropped) {
    const Packet* newestKey = nullptr;
    for (const auto& p : packets_)
        if (isPictureKey(p)) newestKey = &p;
    bool afterKey = newestKey == nullptr;
    drop(dropped, [&](const Packet& p) {
        if (&p == newestKey) afterKey = true;
        const bool goes = isPicture(p) && &p != newestKey;
        if (goes && afterKey) waitingForKey_ = true;  // what comes next refers to this one
        return goes;
    });
}

void SendQueue::dropMedia(std::deque<Packet>& dropped) {
    drop(dropped, isMedia);
    waitingForKey_ = true;
}

/// What `goes`, asked in their order.
template <typename Goes>
void SendQueue::drop(std::deque<Packet>& dropped, Goes goes) {
    std::deque<Packet> kept;
    for (auto& p : packets_) {
        const bool out = goes(p);
        if (out) ++(p.track == Track::Video ? droppedVideo_ : droppedAudio_);
        (out ? dropped : kept).push_back(std::move(p));
    }
    packets_.swap(kept);
}

/// For an outlet that is to come: it gets the configs in force by itself.
void SendQueue::clearMedia(std::deque<Packet>& dropped) {
    dropMedia(dropped);
    for (const auto& config : std::exchange(packets_, {})) rememberConfig(config);
}

void SendQueue::rememberConfig(const Packet& packet) { (packet.track == Track::Video ? videoConfig_ : audioConfig_) = packet; }

void SendQueue::dropBeforeKey(std::deque<Packet>& dropped) {
    bool before = true;
    drop(dropped, [&](const Packet& p) {
        if (isPictureKey(p)) before = false;
        return before && isMedia(p);
    });
    opening_ = false;
}

// Without a picture there is nothing to wait for.
bool SendQueue::atSwitch() const {
    if (!successor_ || packets_.empty() || finished_) return false;
    return isPictureKey(packets_.front()) || (!videoConfig_ && packets_.front().kind != Kind::Config);
}

void SendQueue::take(Outlet& me) {
    outlet_ = &me;
    successor_ = nullptr;
    me.reads_ = true;
}

std::optional<Packet> SendQueue::pop(Outlet& me) {
    std::deque<Packet> dropped;
    std::lock_guard lock(mutex_);
    admitDue(dropped);
    if (outlet_ == &me && !closed_ && (packets_.empty() || held())) await(me);
    if (outlet_ != &me || packets_.empty() || held()) return std::nullopt;
    if (atSwitch()) {
        take(*successor_);
        wakeAll();
        return std::nullopt;
    }
    std::optional<Packet> packet(std::move(packets_.front()));
    packets_.pop_front();
    if (packet->kind == Kind::Config) rememberConfig(*packet);
    return packet;
}

std::chrono::steady_clock::time_point SendQueue::due() const {
    std::lock_guard lock(mutex_);
    const auto due = interleaver_ ? interleaver_->due() : std::nullopt;
    return due ? std::chrono::steady_clock::time_point(*due) : std::chrono::steady_clock::time_point::max();
}

bool SendQueue::requestTakeover(Outlet& me) {
    std::lock_guard lock(mutex_);
    if (!outlet_) return false;
    successor_ = &me;
    return std::ranges::none_of(packets_, isPictureKey);
}

std::optional<SendQueue::Preamble> SendQueue::attach(Outlet& me, Timestamp stale, bool now) {
    std::deque<Packet> dropped;
    std::lock_guard lock(mutex_);
    if (outlet_ && outlet_ != &me && (!now || closed_ || finished_)) {
        await(me);
        return std::nullopt;
    }
    Preamble preamble;
    if (outlet_ != &me) {
        take(me);
        wakeAll();
        admitDue(dropped);
        begin(stale, dropped);
        preamble.wantKey = waitingForKey_;
    }
    for (const auto& config : {videoConfig_, audioConfig_})
        if (config) preamble.configs.push_back(*config);
    return preamble;
}

// The far end can do nothing with a picture whose key frame went to another, and a stream that begins with
// sound alone is taken for one without pictures.
void SendQueue::begin(Timestamp stale, std::deque<Packet>& dropped) {
    if (span(isMedia) > stale && !held()) clearMedia(dropped);
    if (!videoConfig_) return;  // the first connection of all
    if (std::ranges::any_of(packets_, isPictureKey)) return dropBeforeKey(dropped);
    trimVideo(dropped);
    waitingForKey_ = true;
    opening_ = !finished_;
}

bool SendQueue::detach(Outlet& me) {
    std::lock_guard lock(mutex_);
    std::erase(waiting_, &me);
    if (successor_ == &me) successor_ = nullptr;
    if (outlet_ != &me) return me.reads_;
    outlet_ = nullptr;
    opening_ = false;
    wakeAll();
    return false;
}

void SendQueue::finish() {
    std::deque<Packet> dropped;
    {
        std::lock_guard lock(mutex_);
        while (interleaver_ && !finished_) {
            auto packet = interleaver_->next(Timestamp::max());
            if (!packet) break;
            admit(std::move(*packet), dropped);
        }
        finished_ = true;
        release();
        wakeAll();
    }
}

void SendQueue::close() {
    std::deque<Packet> forgotten;
    std::optional<Interleaver> held;
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
        forgotten.swap(packets_);
        held.swap(interleaver_);
        wakeAll();
    }
}

bool SendQueue::ended(const Outlet& me) const {
    std::lock_guard lock(mutex_);
    const bool mine = outlet_ == &me;
    const bool tooLate = !mine && (outlet_ || sourcesAwaited_);
    return closed_ || (finished_ && (packets_.empty() || tooLate)) || (me.reads_ && !mine);
}

SendQueue::Counts SendQueue::counts() const {
    std::lock_guard lock(mutex_);
    Counts c{.droppedVideo = droppedVideo_, .droppedAudio = droppedAudio_, .span = span(isMedia)};
    for (const auto& p : packets_) {
        if (p.kind == Kind::Config) continue;
        ++(p.track == Track::Video ? c.video : c.audio);
        if (p.data) c.bytes += p.data->size();
    }
    return c;
}

}  // namespace livepusher::pipeline
