// SPDX-License-Identifier: MIT
#include "capture/camera/opening.hpp"

#include <utility>

namespace livepusher::capture {

CameraOpening::CameraOpening(Open open, std::function<void()> onDone) {
    const auto publish = [state = state_, onDone = std::move(onDone)](Result<OpenedCamera> opened) {
        {
            std::lock_guard lock(state->mutex);
            state->result = std::move(opened);
        }
        onDone();
    };
    const auto fail = [publish](const Error& error) { publish(Error{Code::CameraFailed, "camera: " + error.message}); };
    const auto started = thread_.start(
        "camera open", [publish, open = std::move(open)] { publish(open()); }, fail);
    if (!started) fail(started.error());
}

std::optional<Result<OpenedCamera>> CameraOpening::take() {
    std::lock_guard lock(state_->mutex);
    return std::exchange(state_->result, std::nullopt);
}

}  // namespace livepusher::capture
