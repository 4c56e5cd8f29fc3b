// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>

#include "capture/source.hpp"

namespace livepusher::capture {

/// What to ask a V4L2 camera for.
struct CameraMode {
    std::string device{};  ///< "/dev/videoN"
    std::string format{};  ///< as the v4l2 input takes it: "yuyv422", "mjpeg"; empty: its choice
    int width = 0, height = 0;
    int fps = 0;
};

/// Finds the camera (`id`: a path, a number or empty for the first) and the mode nearest to the wish: one that
/// covers it, as small as can be, fast enough, and rather raw than MJPEG. Errors: CameraDenied, CameraFailed. [control]
Result<CameraMode> findCameraMode(const std::string& id, const WantedVideo& wanted);

/// In words, what `error` (errno) means for the camera `device`.
Error cameraError(const std::string& device, int error);

}  // namespace livepusher::capture
