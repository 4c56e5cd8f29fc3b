// SPDX-License-Identifier: MIT
#include "capture/screen/inset_source.hpp"

#include <utility>

#include "base/thread.hpp"

namespace livepusher::capture {
namespace {

constexpr Timestamp kOldest{5'000'000};
constexpr auto kRetry = std::chrono::milliseconds(2000);

}  // namespace

void InsetSource::start(const WantedVideo& wanted, SourceObserver& observer) {
    stop();
    observer_ = &observer;
    {
        std::lock_guard lock(mutex_);
        wanted_ = wanted;
        wanted_.patience = {};  // it is tried again here, while the large picture goes on
        wanted_.waits = false;
        quit_ = false;
    }
    if (auto thread = base::startThread("inset", [this] { run(); }))
        thread_ = std::move(*thread);
    else
        observer.code(Code::CameraFailed, "the small picture: " + thread.error().message);
}

void InsetSource::stop() {
    {
        std::lock_guard lock(mutex_);
        quit_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    std::lock_guard lock(mutex_);
    newest_ = {};
    wishes_.reset();
}

void InsetSource::interrupt() {
    source_->interrupt();
    {
        std::lock_guard lock(mutex_);
        quit_ = quit_ || !newest_;  // stop() ends what runs
    }
    changed_.notify_all();
}

void InsetSource::follow(const VideoWishes& wishes) {
    {
        std::lock_guard lock(mutex_);
        wanted_.wishes = wishes;
        wishes_ = wishes;
    }
    changed_.notify_all();
}

VideoFrame InsetSource::newest(Timestamp moment) const {
    std::lock_guard lock(mutex_);
    return newest_ && moment - newest_.pts <= kOldest ? newest_ : VideoFrame{};
}

void InsetSource::frame(VideoFrame frame) {
    std::lock_guard lock(mutex_);
    std::swap(newest_, frame);
}

void InsetSource::failed(Error why) {
    observer_->code(why.code, std::move(why.message));
    InsetSource::ended();
}

void InsetSource::ended() {
    {
        std::lock_guard lock(mutex_);
        failed_ = true;
    }
    changed_.notify_all();
}

void InsetSource::run() {
    bool told = false;  // that it can't be opened
    do {
        WantedVideo wanted;
        {
            std::lock_guard lock(mutex_);
            if (quit_) return;
            failed_ = false;
            wishes_.reset();
            wanted = wanted_;
        }
        const auto format = source_->start(wanted, *this);
        if (format) {
            told = false;
            observer_->code(Code::CameraOpened, format->description);
            const bool lost = attend();
            source_->stop();
            if (!lost) return;
        } else if (format.error().code == Code::Cancelled) {
            return;
        } else if (!std::exchange(told, true)) {
            observer_->code(format.error().code, format.error().message);
        }
    } while (pause(kRetry));
}

bool InsetSource::attend() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [&] { return quit_ || failed_ || wishes_; });
        if (quit_ || failed_) return !quit_;
        const auto wishes = *std::exchange(wishes_, std::nullopt);
        lock.unlock();
        source_->follow(wishes);
        lock.lock();
    }
}

bool InsetSource::pause(std::chrono::milliseconds length) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, length, [&] { return quit_; });
}

}  // namespace livepusher::capture
