// SPDX-License-Identifier: MIT
#pragma once

#include "base/packet.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace livepusher::pipeline {

/// Coded packets waiting for one outlet (the network, a recording), bounded in media time. When more than `limit`
/// waits, all delta pictures go, then all video up to the next key frame: the viewer sees a freeze,
/// never a smear, and sound goes on. Config packets are never dropped; sound only while there is no connection.
class SendQueue {
public:
    /// `limit` zero: no bound.
    explicit SendQueue(Timestamp limit) : limit_(limit) {}

    /// Holds what comes back until the Config of each of these tracks is there, or half a second of media is: the
    /// metadata then names all tracks. Before the first push().
    void expect(bool video, bool audio);

    /// True when a key frame should be asked of the encoder. [any-thread]
    bool push(Packet packet);

    /// Waits; empty when finished and drained, closed, or woken by wake(). [uplink]
    std::optional<Packet> pop();

    /// What an outlet that has just opened must write before anything from pop(): the Config
    /// packets in force. Media older than `stale` is thrown away first; until connected() is called again,
    /// disconnected() keeps at most `limit` of media. True when a key frame should be asked for. [uplink]
    bool connected(Timestamp stale, std::vector<Packet>& configs);
    void disconnected();  ///< [any-thread]

    void finish();       ///< no more will be pushed: pop() drains, then ends. [any-thread]
    void close();        ///< forgets everything and ends pop(). [any-thread]
    void wake();         ///< [any-thread]
    bool ended() const;  ///< finished and drained, or closed

    struct Counts {
        int video = 0, audio = 0;  ///< packets waiting
        std::uint64_t droppedVideo = 0, droppedAudio = 0;
        Timestamp span{};  ///< media time waiting
        std::uint64_t bytes = 0;
    };
    Counts counts() const;  ///< [any-thread]

private:
    void rememberConfig(const Packet& packet);
    void clearMedia(std::deque<Packet>& dropped);
    void trimVideo(std::deque<Packet>& dropped);
    Timestamp span() const;
    void release();

    const Timestamp limit_;
    mutable std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<Packet> packets_;
    std::optional<Packet> videoConfig_;  // last one popped or dropped
    std::optional<Packet> audioConfig_;
    std::uint64_t droppedVideo_ = 0;
    std::uint64_t droppedAudio_ = 0;
    bool videoAwaited_ = false;
    bool audioAwaited_ = false;
    bool connected_ = false;
    bool waitingForKey_ = false;
    bool finished_ = false;
    bool closed_ = false;
    bool woken_ = false;
};

}  // namespace livepusher::pipeline
