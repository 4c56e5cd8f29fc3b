// SPDX-License-Identifier: MIT
#include "capture/camera/opening.hpp"

#include <utility>

#include "base/thread.hpp"

namespace livepusher::capture {

CameraOpening::CameraOpening(Open open, const std::function<void()>& onDone) {
    auto thread = base::startThread("camera open", [state = state_, open = std::move(open), onDone] {
        state->publish(open());
        onDone();
    });
    if (thread) {
        thread->detach();
        return;
    }
    state_->publish(Error{Code::CameraFailed, "camera: " + thread.error().message});
    onDone();
}

void CameraOpening::State::publish(Result<OpenedCamera> opened) {
    {
        std::lock_guard lock(mutex);
        result = std::move(opened);
        done = true;
    }
    changed.notify_all();
}

std::optional<Result<OpenedCamera>> CameraOpening::take() {
    std::lock_guard lock(state_->mutex);
    return std::exchange(state_->result, std::nullopt);
}

void CameraOpening::wait(std::chrono::milliseconds most) {
    std::unique_lock lock(state_->mutex);
    state_->changed.wait_for(lock, most, [&] { return state_->done; });
}

}  // namespace livepusher::capture
