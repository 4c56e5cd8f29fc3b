// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "av/av.hpp"
#include "av/timeline.hpp"
#include "base/time_source.hpp"
#include "capture/file/stream_info.hpp"

namespace livepusher::capture {

/// What goes from the demuxer to a track's thread, in order. Packets' times are media time, in µs.
struct MediaItem {
    enum class Kind {
        Stream,   ///< another decoder is to be opened, for `stream`; what the one before holds comes out first
        Packet,   ///< `packet`, at `at`
        PassEnd,  ///< what the decoder holds comes out, then it begins afresh
        Flush,    ///< packets are missing here: the decoder begins afresh
        Ended,    ///< nothing follows
        Failed,   ///< nothing follows, because of `error`
    };
    Kind kind = Kind::Packet;
    PacketPtr packet{};
    Timestamp at{}, duration{};  ///< of decoding
    Timestamp came{};            ///< the moment at which it was pushed
    std::shared_ptr<const StreamInfo> stream{};
    bool returned = false;  ///< Stream: after a loss that was told
    Error error{};
};

/// Between a demuxer's thread and those of the tracks. The demuxer is held back when every track that is read has enough,
/// or all of them together too much; never by one track alone. What comes for a track that nobody reads is kept as far
/// back as is needed to join in.
class PacketBuffer {
public:
    /// `live`: the demuxer is never held back; beyond the bounds the oldest goes. Else `enough` of each track is.
    explicit PacketBuffer(bool live, Timestamp enough = kEnough, base::TimeSource time = {})
        : live_(live), enough_(enough), time_(time) {}

    void push(Track track, MediaItem item);  ///< [demuxer]
    /// Waits until there is room. True: it had to. [demuxer]
    bool waitForRoom();
    /// Drops what nobody will play: of a track that isn't read, up to the last key frame before `position`. [demuxer]
    void prune(Timestamp position);
    /// Ends waitForRoom(), now and for ever. [any-thread]
    void close();

    /// Waits for the track's next item; empty: cancelled. [track]
    std::optional<MediaItem> pop(Track track);
    /// Whether pop() would have to wait. [any-thread]
    bool empty(Track track) const;
    /// Of a track that is decoded too slowly: drops what lies before the first key frame from `position` on, or else before
    /// the last there is. Where there is none and so much is overdue that the other track would have to wait, all goes, up
    /// to the next key frame that comes; and all where nothing follows and the last of it is overdue. False: nothing was dropped.
    /// [track]
    bool passOver(Track track, Timestamp position);
    /// Lets pop() return, now and until setReading(track, true). [any-thread]
    void setReading(Track track, bool reading);
    /// No packets come of that track: it holds back nobody. [demuxer]
    void setPresent(Track track, bool present);
    /// When the demuxer was held back last by there being too much in all. [any-thread]
    std::optional<Timestamp> lastFull() const;

    /// It was told that a lost stream is back. [track]
    void noteReturned() { returned_ = true; }
    /// Whether it was, since this was asked. [demuxer]
    bool takeReturned() { return returned_.exchange(false); }

    static constexpr std::size_t kMaxBytes = 96U << 20U;
    static constexpr Timestamp kEnough{1'000'000};
    static constexpr Timestamp kLiveMost{30'000'000};

private:
    struct Queue {
        std::deque<MediaItem> items;
        std::size_t packets = 0;
        std::size_t bytes = 0;
        bool reading = false;
        bool present = false;
        bool finished = false;
        bool broken = false;                       ///< packets were dropped before the first item
        bool needKey = false;                      ///< until a key frame, what comes is of no use
        bool behind = false;                       ///< likewise, and the other track sets the pace of reading
        std::shared_ptr<const StreamInfo> stream;  ///< dropped with them, and not yet known to the reader
        bool returned = false;
    };
    bool enough(const Queue& queue) const;
    bool isPlaying(const Queue& queue) const { return queue.reading && queue.present && !queue.finished; }
    bool hasRoom() const;
    static bool isOverdue(const Queue& queue, Timestamp position);
    void dropFront(Queue& queue, std::size_t count);
    void bound(Queue& queue);

    const bool live_;
    const Timestamp enough_;
    const base::TimeSource time_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::array<Queue, 2> queues_;
    std::optional<Timestamp> lastFull_;
    bool closed_ = false;
    std::atomic<bool> returned_{false};
};

}  // namespace livepusher::capture
