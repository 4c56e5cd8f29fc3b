// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <linux/videodev2.h>

#include <string>

#include "base/descriptor.hpp"

namespace livepusher::capture {

/// A V4L2 device node that is open. Its calls take as long as the driver does.
class V4l2Node {
public:
    /// Errors: cameraError() of what open() said.
    static Result<V4l2Node> open(const std::string& path);

    /// An ioctl, made again when a signal broke it off; 0 or errno.
    int ask(unsigned long request, void* data) const;
    /// Whether pictures can be streamed from it: nodes are also for output, metadata or radio.
    bool captures() const;

    int fd() const { return fd_.get(); }
    const std::string& path() const { return path_; }
    std::string card() const;  ///< the driver's name for it
    std::string bus() const;   ///< where it is plugged in

private:
    base::Descriptor fd_;
    std::string path_;
    v4l2_capability capability_{};
};

/// In words, what `error` (errno) means for the camera `name`. Errors: CameraDenied, CameraFailed.
Error cameraError(const std::string& name, int error);

/// "camera "NAME": what".
Error cameraFailed(const std::string& name, const std::string& what, int error = 0);

}  // namespace livepusher::capture
