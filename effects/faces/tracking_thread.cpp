// SPDX-License-Identifier: MIT
#include "effects/faces/tracking_thread.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/thread_name.hpp"

namespace livepusher::effects::faces {

void fail(const char* what, const Error& error, const OnFailed& onFailed) {
    base::log(LogLevel::Error, what + error.message);
    if (onFailed) onFailed(error.message);
}

TrackingThread::TrackingThread(std::string modelDirectory, OnFailed onFailed)
    : thread_([this, directory = std::move(modelDirectory), told = std::move(onFailed)] {
          base::nameThread("faces");
          run(directory, told);
          // Whoever waits in settle() need not wait any more.
          std::lock_guard lock(mutex_);
          busy_ = false;
          stopping_ = true;
          changed_.notify_all();
      }) {}

TrackingThread::~TrackingThread() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    thread_.join();
}

void TrackingThread::offer(SmallPicture picture) {
    std::optional<SmallPicture> replaced(std::move(picture));  // the older one's memory goes back after the lock
    std::lock_guard lock(mutex_);
    if (stopping_) return;
    std::swap(offered_, replaced);
    changed_.notify_all();
}

std::shared_ptr<const TrackedFaces> TrackingThread::latest() const {
    std::lock_guard lock(mutex_);
    return latest_;
}

void TrackingThread::settle() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopping_ || (!offered_ && !busy_); });
}

std::optional<SmallPicture> TrackingThread::next() {
    std::unique_lock lock(mutex_);
    busy_ = false;
    changed_.notify_all();
    changed_.wait(lock, [&] { return stopping_ || offered_.has_value(); });
    if (stopping_) return std::nullopt;
    busy_ = true;
    return std::exchange(offered_, std::nullopt);
}

void TrackingThread::run(const std::string& modelDirectory, const OnFailed& onFailed) {
    auto models = loadModels(modelDirectory);
    if (!models) return fail("faces are not found: ", models.error(), onFailed);
    Tracker tracker(std::move(*models));
    while (const auto picture = next()) {
        if (const auto looked = tracker.look(*picture); !looked)
            return fail("faces are not found any more: ", looked.error(), onFailed);
        auto found = std::make_shared<const TrackedFaces>(tracker.faces());
        std::lock_guard lock(mutex_);
        latest_.swap(found);
    }
}

}  // namespace livepusher::effects::faces
