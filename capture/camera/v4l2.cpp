// SPDX-License-Identifier: MIT
#include "capture/camera/v4l2.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace livepusher::capture {
namespace {

template <std::size_t N>
std::string text(const __u8 (&bytes)[N]) {
    const auto* begin = reinterpret_cast<const char*>(bytes);
    return {begin, strnlen(begin, N)};
}

}  // namespace

Result<V4l2Node> V4l2Node::open(const std::string& path) {
    V4l2Node node;
    node.path_ = path;
    node.fd_ = base::Descriptor(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (!node.fd_) return cameraError(path, errno);
    if (node.ask(VIDIOC_QUERYCAP, &node.capability_) != 0) node.capability_ = {};  // no V4L2 device: captures() is false
    return node;
}

int V4l2Node::ask(unsigned long request, void* data) const {
    int result = 0;
    do {
        result = ioctl(fd_.get(), request, data);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? errno : 0;
}

bool V4l2Node::captures() const {
    const auto flags = (capability_.capabilities & V4L2_CAP_DEVICE_CAPS) ? capability_.device_caps : capability_.capabilities;
    return (flags & V4L2_CAP_VIDEO_CAPTURE) && (flags & V4L2_CAP_STREAMING);
}

std::string V4l2Node::card() const { return text(capability_.card); }
std::string V4l2Node::bus() const { return text(capability_.bus_info); }

Error cameraFailed(const std::string& name, const std::string& what, int error) {
    return {Code::CameraFailed, "camera \"" + name + "\": " + what, error};
}

Error cameraError(const std::string& name, int error) {
    switch (error) {
        case EACCES:
        case EPERM:
            return {Code::CameraDenied,
                    "camera \"" + name +
                        "\": access denied: put the user into the group \"video\" (adduser NAME video) and log in again",
                    error};
        case ENOENT:
        case ENODEV:
        case ENXIO: return cameraFailed(name, "is not there; plug it in, or name another one", error);
        case EBUSY: return cameraFailed(name, "is in use by another program", error);
        case ENOSPC:
            return cameraFailed(
                name, "its USB bus has no room for it beside the others; plug it in elsewhere or choose a smaller size", error);
        case EIO: return cameraFailed(name, "its driver reports that it has broken off (EIO); plug it in anew", error);
        case ETIMEDOUT: return cameraFailed(name, "does not answer; plug it in anew", error);
        default: return cameraFailed(name, std::generic_category().message(error), error);
    }
}

}  // namespace livepusher::capture
