// SPDX-License-Identifier: MIT
#include "capture/camera/mailbox.hpp"

#include <cerrno>
#include <utility>

namespace livepusher::capture {

CameraMailbox::CameraMailbox(CameraChoice choice, const WantedVideo& what) : wanted(what), choice_(std::move(choice)) {}

Result<VideoSourceFormat> CameraMailbox::waitOpened(std::chrono::steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, until, [&] { return opened_ || quit_; });
    if (quit_) return Error{Code::Cancelled, "camera: given up while it was being opened"};
    if (opened_) return *opened_;
    return cameraError(choice_.name(wanted.position), ETIMEDOUT);
}

void CameraMailbox::request(CameraRequest request) {
    {
        std::lock_guard lock(mutex_);
        if (!quit_) {
            requests_.push_back(std::move(request));
            wake.signal();
            return;
        }
    }
    request.reply(Error{Code::CameraFailed, "the camera is not open"});
}

void CameraMailbox::follow(const VideoWishes& wishes) {
    std::lock_guard lock(mutex_);
    wishes_ = wishes;
    wake.signal();
}

void CameraMailbox::interrupt() {
    std::lock_guard lock(mutex_);
    if (opened_) return;  // start() has it already; stop() ends what runs
    quit_ = true;
    wake.signal();
    changed_.notify_all();
}

void CameraMailbox::quit() {
    std::lock_guard lock(mutex_);
    quit_ = true;
    wake.signal();
    changed_.notify_all();
}

void CameraMailbox::cancelRequests() {
    std::deque<CameraRequest> open;
    {
        std::lock_guard lock(mutex_);
        open.swap(requests_);
        for (auto* one : {&inHand_, &switch_})
            if (auto request = std::exchange(*one, std::nullopt)) open.push_back(std::move(*request));
    }
    for (auto& request : open) request.reply(Error{Code::Cancelled, "the camera was closed before it was done"});
}

void CameraMailbox::publishOpened(Result<VideoSourceFormat> opened) {
    std::lock_guard lock(mutex_);
    opened_ = std::move(opened);
    changed_.notify_all();
}

CameraMailbox::Work CameraMailbox::takeWork() {
    std::lock_guard lock(mutex_);
    Work work{.wishes = std::exchange(wishes_, std::nullopt)};
    if (requests_.empty()) return work;
    inHand_ = std::move(requests_.front());
    requests_.pop_front();
    work.request = inHand_;
    return work;
}

void CameraMailbox::reply(std::optional<CameraRequest>& to, Result<double> result) {
    std::unique_lock lock(mutex_);
    const auto request = std::exchange(to, std::nullopt);
    lock.unlock();
    if (request) request->reply(std::move(result));
}

void CameraMailbox::putAside() {
    std::lock_guard lock(mutex_);
    switch_ = std::exchange(inHand_, std::nullopt);
}

bool CameraMailbox::isSwitching() {
    std::lock_guard lock(mutex_);
    return switch_.has_value();
}

CameraChoice CameraMailbox::choice() const {
    std::lock_guard lock(mutex_);
    return choice_;
}

void CameraMailbox::publishChoice(CameraChoice choice) {
    std::lock_guard lock(mutex_);
    choice_ = std::move(choice);
}

}  // namespace livepusher::capture
