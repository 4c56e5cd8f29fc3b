// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/abandonable_thread.hpp"
#include "capture/camera/stream.hpp"

namespace livepusher::capture {

/// A camera that was opened, and where it is, if that was asked for.
struct OpenedCamera {
    std::unique_ptr<CameraStream> stream;
    std::optional<DevicePosition> position{};
};

/// Opens a camera on a thread of its own, while another one goes on. Given up, the thread ends by itself when the
/// driver lets it, and closes what it has opened. [capture]
class CameraOpening {
public:
    /// `open` and `onDone` run on that thread, perhaps after this has gone: they must own what they use.
    CameraOpening(auto open, auto onDone) {
        const auto publish = [state = state_, onDone](Result<OpenedCamera> opened) {
            {
                std::lock_guard lock(state->mutex);
                state->result = std::move(opened);
            }
            onDone();
        };
        const auto fail = [publish](const Error& error) { publish(Error{Code::CameraFailed, "camera: " + error.message}); };
        const auto started = thread_.start(
            "camera open", [publish, open]() mutable { publish(open()); }, fail);
        if (!started) fail(started.error());
    }

    /// What came of it, once.
    std::optional<Result<OpenedCamera>> take() {
        std::lock_guard lock(state_->mutex);
        return std::exchange(state_->result, std::nullopt);
    }
    /// Until it is done, but no longer: a camera that is still being opened is busy for the next who wants it.
    void wait(std::chrono::milliseconds most) { thread_.wait(most); }

private:
    struct State {
        std::mutex mutex;
        std::optional<Result<OpenedCamera>> result;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
    base::AbandonableThread thread_;
};

}  // namespace livepusher::capture
