// SPDX-License-Identifier: MIT
#include "effects/faces/tracking_thread.hpp"

#include <chrono>
#include <utility>

#include "base/log.hpp"

namespace livepusher::effects::faces {

void fail(const char* what, const Error& error, const OnFailed& onFailed) {
    base::log(LogLevel::Error, what + error.message);
    if (onFailed) onFailed(error.message);
}

namespace {
constexpr std::chrono::milliseconds kEnd{500};  // a look takes a few ms
}  // namespace

TrackingThread::TrackingThread(std::string modelDirectory, OnFailed onFailed) {
    desk_->onFailed = std::move(onFailed);
    const auto started = thread_.start("faces", [desk = desk_, directory = std::move(modelDirectory)] {
        desk->run(directory);
        // Whoever waits in settle() need not wait any more.
        std::lock_guard lock(desk->mutex);
        desk->busy = false;
        desk->stopping = true;
        desk->changed.notify_all();
    });
    if (started) return;
    fail("faces are not found: ", started.error(), desk_->onFailed);
    desk_->busy = false;
    desk_->stopping = true;
}

TrackingThread::~TrackingThread() {
    {
        std::lock_guard lock(desk_->mutex);
        desk_->stopping = true;
        desk_->changed.notify_all();
    }
    thread_.end(kEnd);
}

void TrackingThread::offer(SmallPicture picture) {
    std::optional<SmallPicture> replaced(std::move(picture));  // the older one's memory goes back after the lock
    std::lock_guard lock(desk_->mutex);
    if (desk_->stopping) return;
    std::swap(desk_->offered, replaced);
    desk_->changed.notify_all();
}

std::shared_ptr<const TrackedFaces> TrackingThread::latest() const {
    std::lock_guard lock(desk_->mutex);
    return desk_->latest;
}

void TrackingThread::settle() {
    std::unique_lock lock(desk_->mutex);
    desk_->changed.wait(lock, [&] { return desk_->stopping || (!desk_->offered && !desk_->busy); });
}

std::optional<SmallPicture> TrackingThread::Desk::next() {
    std::unique_lock lock(mutex);
    busy = false;
    changed.notify_all();
    changed.wait(lock, [&] { return stopping || offered.has_value(); });
    if (stopping) return std::nullopt;
    busy = true;
    return std::exchange(offered, std::nullopt);
}

/// Nobody hears of it once the tracking has ended.
void TrackingThread::Desk::failed(const char* what, const Error& error) {
    {
        std::lock_guard lock(mutex);
        if (stopping) return;
    }
    fail(what, error, onFailed);
}

void TrackingThread::Desk::run(const std::string& modelDirectory) {
    auto models = loadModels(modelDirectory);
    if (!models) return failed("faces are not found: ", models.error());
    Tracker tracker(std::move(*models));
    while (const auto picture = next()) {
        if (const auto looked = tracker.look(*picture); !looked) return failed("faces are not found any more: ", looked.error());
        auto found = std::make_shared<const TrackedFaces>(tracker.faces());
        std::lock_guard lock(mutex);
        latest.swap(found);
    }
}

}  // namespace livepusher::effects::faces
