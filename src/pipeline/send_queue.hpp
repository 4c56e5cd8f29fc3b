// SPDX-License-Identifier: MIT
#pragma once

#include "base/event_fd.hpp"
#include "media/packet.hpp"
#include "pipeline/interleaver.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace livepusher::pipeline {

/// Coded packets waiting for one outlet (the network, a recording), bounded in media time. When pictures wait for more
/// than `limit`, all but the newest key frame go, and those up to the next key frame: the viewer sees a freeze,
/// never a smear, and sound goes on. Config packets are never dropped; sound only while there is no connection, or
/// when five times the limit waits.
class SendQueue {
public:
    /// Who reads. One at a time is the outlet; another may take over from it, at a key frame. It waits for nothing in here: a
    /// call that has nothing for it has its wake signalled when another may have. Before it goes comes detach().
    class Outlet {
    public:
        const base::EventFd& wake() const { return wake_; }

    private:
        friend SendQueue;
        base::EventFd wake_;
        bool waits_ = false;
        bool reads_ = false;  // or did
    };

    /// `limit` zero: no bound.
    explicit SendQueue(Timestamp limit) : limit_(limit) {}

    /// Holds what comes back until the Config of each of these tracks is there, or half a second of media is: the
    /// metadata then names all tracks. Before the first push().
    void expect(bool video, bool audio);

    /// That track comes from another encoder from now on, under another Config: what comes before that, and what is here of it,
    /// goes, and is waited for as expect() has it. While there is no connection. [any-thread]
    void expectAnew(Packet::Track track);

    /// From now on packets come out in the order of their time, as Interleaver has it; what waits for its turn does not
    /// count as waiting. Before the first push().
    void interleave() { interleaver_.emplace(); }

    /// How long who begins may have to wait for a key frame, where none is to be asked for: the sound waits with it. Zero: half a
    /// second, as one is asked for. [any-thread]
    void awaitKey(Timestamp longest);

    /// What comes belongs to a stream that has begun elsewhere, under these configs: pictures begin with a key frame. Before the
    /// first push().
    void join(const std::vector<Packet>& configs);

    /// Outlets begin no stream until sourcesOpen(). Before the first of them.
    void awaitSources() { sourcesAwaited_ = true; }
    void sourcesOpen();         ///< [any-thread]
    bool mayBegin(Outlet& me);  ///< whether a stream may begin by now. [uplink]

    /// True when a key frame should be asked of the encoder. [any-thread]
    bool push(Packet packet);

    /// An outlet that is ready says so before attach(). True when another is at work and a key frame should be
    /// asked for, to take over at. [uplink]
    bool requestTakeover(Outlet& me);

    struct Preamble {
        std::vector<Packet> configs;  ///< in force: to be written before anything from pop()
        bool wantKey = false;         ///< a key frame should be asked for
    };
    /// Makes `me` the outlet. From one that is gone: media older than `stale` is thrown away, and pictures begin with
    /// a key frame. From one that is at work: not before that one has come to a key frame, but for `now`, and goes on where
    /// it stops, nothing lost and nothing twice. Empty: not yet. [uplink]
    std::optional<Preamble> attach(Outlet& me, Timestamp stale, bool now);

    /// Empty: nothing yet, or never again, as ended() tells. [uplink]
    std::optional<Packet> pop(Outlet& me);
    /// When pop() may have something that only waits for its turn; for ever off: nothing does. [uplink]
    std::chrono::steady_clock::time_point due() const;

    /// `me` reads no more; until another does, at most `limit` of media is kept. True when another had taken over
    /// already. [uplink]
    bool detach(Outlet& me);

    void finish();  ///< no more will be pushed: pop() drains, then ends. [any-thread]
    void close();   ///< forgets everything and ends pop(). [any-thread]
    /// For `me`: finished and drained, or before its turn came; closed; or another has taken over. [any-thread]
    bool ended(const Outlet& me) const;

    struct Counts {
        int video = 0, audio = 0;  ///< packets waiting
        std::uint64_t droppedVideo = 0, droppedAudio = 0;
        Timestamp span{};  ///< media time waiting
        std::uint64_t bytes = 0;
    };
    Counts counts() const;  ///< [any-thread]

private:
    bool admit(Packet packet, std::deque<Packet>& dropped);
    bool isOfBefore(const Packet& packet);
    void admitDue(std::deque<Packet>& dropped);
    std::deque<Packet>::const_iterator place(const Packet& packet) const;
    void rememberConfig(const Packet& packet);
    bool keepTo(Timestamp limit, std::deque<Packet>& dropped);
    template <typename Goes>
    void drop(std::deque<Packet>& dropped, Goes goes);
    void clearMedia(std::deque<Packet>& dropped);
    void dropMedia(std::deque<Packet>& dropped);
    void trimVideo(std::deque<Packet>& dropped);
    /// Media time from the first of these to the last packet of all, without holes in time.
    Timestamp span(bool (*which)(const Packet&)) const;
    void release();
    void take(Outlet& me);
    void begin(Timestamp stale, std::deque<Packet>& dropped);
    void dropBeforeKey(std::deque<Packet>& dropped);
    bool held() const { return videoAwaited_ || audioAwaited_ || opening_; }
    bool atSwitch() const;
    void await(Outlet& me);
    void wakeAll();

    const Timestamp limit_;
    mutable std::mutex mutex_;
    std::vector<Outlet*> waiting_;
    std::optional<Interleaver> interleaver_;  // what has come and is not in packets_ yet
    std::deque<Packet> packets_;
    std::optional<Packet> videoConfig_;  // last one popped or dropped
    std::optional<Packet> audioConfig_;
    std::uint64_t droppedVideo_ = 0;
    std::uint64_t droppedAudio_ = 0;
    Timestamp keyAwait_{};
    bool sourcesAwaited_ = false;
    bool videoAwaited_ = false;
    bool audioAwaited_ = false;
    bool videoAnew_ = false, audioAnew_ = false;  // nothing of it counts before its next Config
    Outlet* outlet_ = nullptr;
    Outlet* successor_ = nullptr;
    bool opening_ = false;        // a new outlet: no sound before the first key frame
    bool waitingForKey_ = false;  // delta pictures are of no use
    bool keyWanted_ = false;      // what the next push() answers
    bool finished_ = false;
    bool closed_ = false;
};

}  // namespace livepusher::pipeline
