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
    mailbox_->onFailed = std::move(onFailed);
    const auto started = thread_.start("faces", [mailbox = mailbox_, directory = std::move(modelDirectory)] {
        mailbox->run(directory);
        // Whoever waits in settle() need not wait any more.
        std::lock_guard lock(mailbox->mutex);
        mailbox->busy = false;
        mailbox->stopping = true;
        mailbox->changed.notify_all();
    });
    if (started) return;
    fail("faces are not found: ", started.error(), mailbox_->onFailed);
    mailbox_->busy = false;
    mailbox_->stopping = true;
}

TrackingThread::~TrackingThread() {
    {
        std::lock_guard lock(mailbox_->mutex);
        mailbox_->stopping = true;
        mailbox_->changed.notify_all();
    }
    thread_.end(kEnd);
}

void TrackingThread::offer(SmallPicture picture) {
    std::optional<SmallPicture> replaced(std::move(picture));  // the older one's memory goes back after the lock
    std::lock_guard lock(mailbox_->mutex);
    if (mailbox_->stopping) return;
    std::swap(mailbox_->offered, replaced);
    mailbox_->changed.notify_all();
}

std::shared_ptr<const TrackedFaces> TrackingThread::latest() const {
    std::lock_guard lock(mailbox_->mutex);
    return mailbox_->latest;
}

void TrackingThread::settle() {
    std::unique_lock lock(mailbox_->mutex);
    mailbox_->changed.wait(lock, [&] { return mailbox_->stopping || (!mailbox_->offered && !mailbox_->busy); });
}

std::optional<SmallPicture> TrackingThread::Mailbox::next() {
    std::unique_lock lock(mutex);
    busy = false;
    changed.notify_all();
    changed.wait(lock, [&] { return stopping || offered.has_value(); });
    if (stopping) return std::nullopt;
    busy = true;
    return std::exchange(offered, std::nullopt);
}

/// Nobody hears of it once the tracking has ended.
void TrackingThread::Mailbox::failed(const char* what, const Error& error) {
    {
        std::lock_guard lock(mutex);
        if (stopping) return;
    }
    fail(what, error, onFailed);
}

void TrackingThread::Mailbox::run(const std::string& modelDirectory) {
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
