// SPDX-License-Identifier: MIT
#include "capture/camera/opening.hpp"

#include <thread>
#include <utility>

#include "base/thread_name.hpp"

namespace livepusher::capture {

CameraOpening::CameraOpening(Open open, std::function<void()> onDone) {
    std::thread([state = state_, open = std::move(open), onDone = std::move(onDone)] {
        base::nameThread("camera open");
        auto result = open();
        {
            std::lock_guard lock(state->mutex);
            state->result = std::move(result);
            state->done = true;
        }
        state->changed.notify_all();
        onDone();
    }).detach();
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
