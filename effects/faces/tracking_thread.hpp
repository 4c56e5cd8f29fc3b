// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "effects/faces/downsample.hpp"
#include "effects/faces/tracker.hpp"

namespace livepusher::effects::faces {

/// Hears why, once; may be empty.
using OnFailed = std::function<void(const std::string& why)>;
/// Tells it to the log and to `onFailed`.
void fail(const char* what, const Error& error, const OnFailed& onFailed);

/// Follows faces beside the video thread: of the pictures offered it takes the newest whenever it is free, so that a long look
/// costs faces their freshness and no frame its time.
class TrackingThread {
public:
    /// Loads the models on the thread; where that fails it says so in the log and to `onFailed`, and there never are faces.
    explicit TrackingThread(std::string modelDirectory, OnFailed onFailed = {});
    ~TrackingThread();

    /// Never waits for a look. [video]
    void offer(SmallPicture picture);
    /// Null before the first look. [video]
    std::shared_ptr<const TrackedFaces> latest() const;
    /// Waits until nothing that was offered is left to be looked at; for tests. [any-thread]
    void settle();

private:
    void run(const std::string& modelDirectory, const OnFailed& onFailed);
    std::optional<SmallPicture> next();

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<SmallPicture> offered_;
    std::shared_ptr<const TrackedFaces> latest_;
    bool busy_ = true, stopping_ = false;
    std::thread thread_;
};

}  // namespace livepusher::effects::faces
