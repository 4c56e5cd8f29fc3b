// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/abandonable_thread.hpp"
#include "effects/effects.hpp"
#include "effects/faces/tracker.hpp"

namespace livepusher::effects::faces {

/// Tells it to the log and to `onFailed`.
void fail(const char* what, const Error& error, const OnFailed& onFailed);

/// Follows faces beside the video thread: of the pictures offered it takes the newest whenever it is free, so that a long look
/// costs faces their freshness and no frame its time.
class TrackingThread {
public:
    /// Loads the models on the thread; where that fails it says so in the log and to `onFailed`, and there never are faces.
    explicit TrackingThread(std::string modelDirectory, OnFailed onFailed = {});
    ~TrackingThread();  ///< a disk that keeps the models back keeps the thread
    TrackingThread(const TrackingThread&) = delete;
    TrackingThread& operator=(const TrackingThread&) = delete;

    /// Never waits for a look. [video]
    void offer(SmallPicture picture);
    /// Null before the first look. [video]
    std::shared_ptr<const TrackedFaces> latest() const;
    /// Waits until nothing that was offered is left to be looked at; for tests. [any-thread]
    void settle();

private:
    /// What the thread may keep.
    struct Mailbox {
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<SmallPicture> offered;
        std::shared_ptr<const TrackedFaces> latest;
        OnFailed onFailed;
        bool busy = true, stopping = false;

        void run(const std::string& modelDirectory);
        std::optional<SmallPicture> next();
        void failed(const char* what, const Error& error);
    };
    const std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
    base::AbandonableThread thread_;
};

}  // namespace livepusher::effects::faces
