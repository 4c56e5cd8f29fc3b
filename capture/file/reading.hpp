// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "av/demuxer.hpp"
#include "av/timeline.hpp"
#include "capture/file/media_clock.hpp"
#include "capture/file/packet_buffer.hpp"
#include "capture/file/sequence.hpp"
#include "capture/source.hpp"

namespace livepusher::capture {

/// What a playback reads: a file or URL, opened and demuxed on a thread of its own into a buffer that the tracks' threads
/// take from. A file is read ahead, begins again for a loop and ends; a live stream is read as it comes and connected to
/// again, for ever, when it breaks off or falls silent. Shared by those threads; the demuxer's may outlive the others when
/// the system's resolver hangs.
class Reading {
public:
    struct Options {
        std::string target;
        std::vector<std::string> next{};  ///< clips that follow it
        std::string name;                 ///< for messages
        base::NetworkOptions network{};
        bool loop = false;
        std::array<bool, 2> ends{};  ///< which tracks are wanted at all
        /// That could not be opened is a loss too: a live stream that was there before.
        bool patient = false;
        std::chrono::milliseconds retryWithin{5000};  ///< as SourceOptions has it
        base::TimeSource time{};
    };
    /// `observer` is told what happens to a live stream. [demuxer]
    Reading(Options options, std::shared_ptr<SourceObserver> observer);

    /// Waits until it is open, for `givenUp` or the failure. [any-thread]
    Result<void> waitOpen(const std::atomic<bool>& givenUp);
    /// Lets waitOpen() look at what it was told to. [any-thread]
    void wake();
    /// Makes the thread end soon. Sticky. [any-thread]
    void cancel();

    void run();  ///< [demuxer]
    /// What run() has thrown: what comes of it ends with that error. [demuxer]
    void breakOff(const Error& error);

    // Once it is open; the buffer and the clock live as long as this.
    PacketBuffer& buffer() { return *buffer_; }
    MediaClock& clock() { return *clock_; }
    /// As it was opened first; null: there is no such track.
    const std::shared_ptr<const StreamInfo>& stream(Track track) const { return opened_[index(track)]; }
    bool live() const { return kind_ == Demuxer::Kind::Live; }   ///< what is missed is gone
    bool paced() const { return kind_ != Demuxer::Kind::File; }  ///< the clock follows the sender

private:
    enum class Phase { Opening, Open, Failed };

    Result<void> open();
    Result<void> openClip();
    Result<void> openTarget();
    void publish(const Result<void>& opened);
    std::array<std::shared_ptr<const StreamInfo>, 2> look();
    void beginPass(Timestamp at);
    bool readOne();
    void take(Track track, PacketPtr packet);
    bool isLocked(Track track, const AVPacket& packet);
    void learnPace(Track track, const AVPacket& packet);
    void followSender(const MediaItem& item);
    bool atEnd(int error);
    bool again();
    bool nextClip();
    void pushStreams(bool returned);
    bool isBehindClip(const PacketPtr& packet, Track track) const;
    /// How far what has come reaches.
    Timestamp newest() const { return std::max(timeline_.end(Track::Video), timeline_.end(Track::Audio)); }
    Timestamp lead() const;
    Timestamp headLead() const;
    Timestamp passEnd() const;
    bool connectAgain(const Error& why);
    bool connect();
    bool pause(std::chrono::milliseconds time);
    void tellAll(MediaItem::Kind kind, const Error& error = {});
    void warnOnce();
    void warnIfShort();
    void warnOfGap(Timestamp from, Timestamp to);
    void noteSilence();
    void noteReturn();

    const Options options_;
    const std::shared_ptr<SourceObserver> observer_;
    Sequence sequence_;

    std::mutex mutex_;
    std::shared_ptr<Demuxer> demuxer_;  ///< under mutex_ where another thread than the demuxer's asks
    std::condition_variable changed_;
    std::atomic<bool> quit_{false};
    Phase phase_ = Phase::Opening;
    Error error_;

    // Made before it is said to be open.
    std::optional<PacketBuffer> buffer_;
    std::optional<MediaClock> clock_;
    std::array<std::shared_ptr<const StreamInfo>, 2> opened_;
    Demuxer::Kind kind_ = Demuxer::Kind::File;

    // The thread's own.
    std::array<std::shared_ptr<const StreamInfo>, 2> streams_;  ///< of what is read now
    Timeline timeline_;
    std::array<bool, 2> locked_{};                   ///< the track is encrypted, which was told
    std::array<std::optional<Timestamp>, 2> first_;  ///< when the pass's first picture or sample begins
    Timestamp passBegan_{};
    bool anyInPass_ = false;
    bool reopened_ = false;  ///< because a rewind gave nothing
    bool heldBack_ = false;  ///< ever
    bool warned_ = false;
    bool gapTold_ = false;
    bool lost_ = false;        ///< was told, and no return since
    std::size_t attempt_ = 0;  ///< at connecting again, since it was there last
    bool silent_ = false;      ///< a pipe gives nothing, which was told
    std::optional<Timestamp> firstArrival_;
};

}  // namespace livepusher::capture
