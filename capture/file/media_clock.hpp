// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "av/timeline.hpp"
#include "base/time_source.hpp"
#include "capture/file/live_pace.hpp"
#include "capture/stood_still.hpp"

namespace livepusher::capture {

/// The one clock that a file's or stream's tracks are played by: at which moment which media time is due. A file's begins
/// when what is played has its first picture and sample, stands while nothing is played, and can be moved; a live
/// stream's follows its sender. [any-thread], but where said otherwise.
class MediaClock {
public:
    /// A live clock stands until beginLive(). `keepAll`: as LivePace has it. Before anything is played.
    explicit MediaClock(bool live, bool keepAll = false, base::TimeSource time = {});

    /// Which tracks a file's clock waits for: some seconds for one that is played, a moment for one that may be soon.
    enum class Expected { No, Perhaps, Yes };
    void expect(Track track, Expected expected);
    /// This track has nothing to begin with: it is not waited for.
    void excuse(Track track);
    /// Time goes on, from where it stood. The moment of what is due next is that of the next waitFor().
    void run();
    void stand();

    /// Waits until `media` is due and gives the moment it is due at; empty: cancelled.
    std::optional<Timestamp> waitFor(Track track, Timestamp media);
    /// Lets waitFor() of that track return, now and until allow().
    void cancel(Track track);
    void allow(Track track);

    /// The media time that is due now; while the clock stands, that at which it will go on.
    Timestamp position() const;
    /// All that follows is due later by that: what was missed is not made up for. Of a file.
    void postpone(Timestamp by);

    /// The time that all moments are of.
    Timestamp now() const { return time_.now(); }

    void beginLive(Timestamp media, Timestamp moment);
    bool begun() const;
    void arrived(Timestamp media, Timestamp arrival);
    void heldBack(Timestamp at);
    /// Of a live stream that begins anew, after a loss: stands until beginLive().
    void forget();
    double rate() const;  ///< media time in a unit of ours

private:
    std::optional<Timestamp> moment(Timestamp media) const;
    void beginIfReady(Timestamp at);
    Timestamp patience() const;
    /// Whoever waits looks again. Under the lock.
    void changed() {
        ++version_;
        wake_.notify_all();
    }
    void followStandstill(std::chrono::steady_clock::time_point deadline);

    const bool live_;
    const base::TimeSource time_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    unsigned version_ = 0;  ///< counts what makes a wait look again
    bool running_ = false;
    std::array<Expected, 2> expected_{};
    std::array<bool, 2> ready_{}, cancelled_{};
    std::optional<Timestamp> firstReady_;  ///< the moment at which the first track was
    std::optional<Timestamp> zero_;        ///< of a file: the moment of media time 0
    Timestamp rest_{};                     ///< where it stands
    std::optional<Timestamp> paused_;      ///< likewise, of one that follows a sender
    LivePace pace_;
    StoodStill stoodStill_;  ///< by livepusher::now()
};

}  // namespace livepusher::capture
