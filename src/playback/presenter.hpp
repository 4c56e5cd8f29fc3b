// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "decode/decoder.hpp"
#include "playback/play_clock.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace livepusher::playback {

/// Takes pictures as they are due, on the presenter's thread; must not wait.
class PictureSink {
public:
    virtual void show(const decode::Picture& picture) = 0;

protected:
    ~PictureSink() = default;
};

/// Shows decoded pictures when the clock says. Of those that are due at once the latest is shown. On a thread of its own.
class Presenter {
public:
    static constexpr std::size_t kAhead = 3;

    Presenter(const PlayClock& clock, PictureSink& sink);
    ~Presenter();
    Presenter(const Presenter&) = delete;
    Presenter& operator=(const Presenter&) = delete;

    /// Waits until there is room, or wake() is called; false: the picture was not taken. [picture]
    bool push(decode::Picture picture);
    void clearBefore(Timestamp media);  ///< what waits and is of before is not shown. [any-thread]
    void wake();                        ///< push() comes back. [any-thread]

    std::uint64_t late() const { return late_; }    ///< pictures that were due with their successor. [any-thread]
    std::uint64_t shown() const { return shown_; }  ///< [any-thread]
    std::size_t waiting() const;                    ///< [any-thread]
    std::optional<Timestamp> shownAt() const;       ///< when the latest that was due was shown. [any-thread]
    Timestamp heardAhead() const {
        return Timestamp(ahead_.load());
    }  ///< what was heard as it was shown minus its time. [any-thread]

private:
    void run();

    const PlayClock& clock_;
    PictureSink& sink_;
    mutable std::mutex mutex_;
    std::condition_variable changed_, room_;
    std::deque<decode::Picture> waiting_;
    bool ending_ = false, woken_ = false;
    bool any_ = false;  ///< one was shown
    std::atomic<std::uint64_t> late_{0}, shown_{0};
    std::atomic<std::int64_t> shownAt_{0}, ahead_{0};
    std::thread thread_;  // last
};

}  // namespace livepusher::playback
