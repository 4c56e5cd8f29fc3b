// SPDX-License-Identifier: MIT
#include "capture/file/packet_buffer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace livepusher::capture {
namespace {

constexpr std::size_t kEnoughPackets = 4;

bool isPacket(const MediaItem& item) { return item.packet != nullptr; }
bool isKey(const MediaItem& item) { return item.kind == MediaItem::Kind::Packet && (item.packet->flags & AV_PKT_FLAG_KEY) != 0; }

std::size_t sizeOf(const MediaItem& item) { return item.packet ? static_cast<std::size_t>(item.packet->size) + 256 : 0; }

}  // namespace

bool PacketBuffer::enough(const Queue& queue) const {
    if (!isPlaying(queue)) return true;
    if (queue.packets < kEnoughPackets) return false;
    const auto first = std::ranges::find_if(queue.items, isPacket);
    const auto last = std::find_if(queue.items.rbegin(), queue.items.rend(), isPacket);
    return last->at + last->duration - first->at >= enough_;
}

bool PacketBuffer::hasRoom() const {
    if (live_) return true;
    if (queues_[0].bytes + queues_[1].bytes >= kMaxBytes) return false;
    // What is passed over until a key frame comes is read at the other's pace, or the file would be run through.
    const auto asks = [&](Track track) {
        const auto &queue = queues_[index(track)], &beside = queues_[index(other(track))];
        return !enough(queue) && !(queue.behind && isPlaying(beside));
    };
    return asks(Track::Video) || asks(Track::Audio);
}

/// Drops items from the front; what they tell of the stream is kept.
void PacketBuffer::dropFront(Queue& queue, std::size_t count) {
    for (; count > 0 && !queue.items.empty(); --count) {
        auto& item = queue.items.front();
        if (item.kind == MediaItem::Kind::Ended || item.kind == MediaItem::Kind::Failed) return;
        if (item.kind == MediaItem::Kind::Stream) {
            queue.stream = std::move(item.stream);
            queue.returned = queue.returned || item.returned;
        }
        if (item.packet) --queue.packets;
        queue.bytes -= sizeOf(item);
        queue.broken = true;
        queue.items.pop_front();
    }
}

/// Of what can't be held back the oldest goes, up to where can be joined.
void PacketBuffer::bound(Queue& queue) {
    const auto tooMuch = [&] {
        if (queue.bytes > kMaxBytes / 2) return true;
        return queue.packets > 1 && live_ && queue.items.back().packet && queue.items.front().packet &&
               queue.items.back().at - queue.items.front().at > kLiveMost;
    };
    if (!tooMuch()) return;
    const auto key = std::find_if(std::next(queue.items.begin()), queue.items.end(), isKey);
    queue.needKey = key == queue.items.end();
    dropFront(queue, static_cast<std::size_t>(key - queue.items.begin()));
}

void PacketBuffer::push(Track track, MediaItem item) {
    {
        std::lock_guard lock(mutex_);
        auto& queue = queues_[index(track)];
        queue.finished = item.kind == MediaItem::Kind::Ended || item.kind == MediaItem::Kind::Failed;
        if (item.packet) {
            if (queue.needKey && !isKey(item)) return;
            queue.needKey = queue.behind = false;
            item.came = time_.now();
            ++queue.packets;
            queue.bytes += sizeOf(item);
        }
        queue.items.push_back(std::move(item));
        if (live_ || !queue.reading) bound(queue);
    }
    changed_.notify_all();
}

bool PacketBuffer::waitForRoom() {
    std::unique_lock lock(mutex_);
    if (closed_ || hasRoom()) return false;
    const auto note = [&] {
        if (queues_[0].bytes + queues_[1].bytes >= kMaxBytes) lastFull_ = time_.now();
    };
    note();
    changed_.wait(lock, [&] { return closed_ || hasRoom(); });
    if (lastFull_) note();
    return true;
}

void PacketBuffer::prune(Timestamp position) {
    std::lock_guard lock(mutex_);
    for (auto& queue : queues_) {
        if (queue.reading) continue;
        std::size_t join = 0;
        for (std::size_t i = 0; i < queue.items.size() && (!queue.items[i].packet || queue.items[i].at <= position); ++i)
            if (isKey(queue.items[i])) join = i;
        if (join > 0) dropFront(queue, join);
    }
}

void PacketBuffer::close() {
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

std::optional<MediaItem> PacketBuffer::pop(Track track) {
    std::optional<MediaItem> item;
    {
        std::unique_lock lock(mutex_);
        auto& queue = queues_[index(track)];
        changed_.wait(lock, [&] { return !queue.reading || !queue.items.empty(); });
        if (!queue.reading) return std::nullopt;
        if (queue.stream) {
            queue.broken = false;
            return MediaItem{.kind = MediaItem::Kind::Stream,
                             .stream = std::exchange(queue.stream, nullptr),
                             .returned = std::exchange(queue.returned, false)};
        }
        if (std::exchange(queue.broken, false)) return MediaItem{.kind = MediaItem::Kind::Flush};
        // An end stays: who begins again meets it again.
        const auto kind = queue.items.front().kind;
        if (kind == MediaItem::Kind::Ended || kind == MediaItem::Kind::Failed)
            return MediaItem{.kind = kind, .error = queue.items.front().error};
        item = std::move(queue.items.front());
        queue.items.pop_front();
        if (item->packet) --queue.packets;
        queue.bytes -= sizeOf(*item);
    }
    changed_.notify_all();
    return item;
}

/// Whether all that is left should have been played.
bool PacketBuffer::isOverdue(const Queue& queue, Timestamp position) {
    const auto last = std::find_if(queue.items.rbegin(), queue.items.rend(), isPacket);
    return last != queue.items.rend() && last->at + last->duration <= position;
}

bool PacketBuffer::passOver(Track track, Timestamp position) {
    bool any = false;
    {
        std::lock_guard lock(mutex_);
        auto& queue = queues_[index(track)];
        std::optional<std::size_t> key;
        for (std::size_t i = 0; i < queue.items.size() && (!key || queue.items[*key].at < position); ++i)
            if (isKey(queue.items[i])) key = i;
        if (!key && queue.bytes > kMaxBytes / 4 * 3 && isPlaying(queues_[index(other(track))])) {
            key = queue.items.size();
            queue.needKey = queue.behind = true;
        }
        if (!key && queue.finished && isOverdue(queue, position)) key = queue.items.size();
        any = key.value_or(0) > 0;
        dropFront(queue, key.value_or(0));
    }
    if (any) changed_.notify_all();
    return any;
}

bool PacketBuffer::empty(Track track) const {
    std::lock_guard lock(mutex_);
    return queues_[index(track)].items.empty();
}

void PacketBuffer::setReading(Track track, bool reading) {
    {
        std::lock_guard lock(mutex_);
        queues_[index(track)].reading = reading;
    }
    changed_.notify_all();
}

void PacketBuffer::setPresent(Track track, bool present) {
    std::lock_guard lock(mutex_);
    queues_[index(track)].present = present;
}

std::optional<Timestamp> PacketBuffer::lastFull() const {
    std::lock_guard lock(mutex_);
    return lastFull_;
}

}  // namespace livepusher::capture
