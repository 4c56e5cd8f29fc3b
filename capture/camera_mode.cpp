// SPDX-License-Identifier: MIT
#include "capture/camera_mode.hpp"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>
#include <system_error>
#include <tuple>
#include <vector>

namespace livepusher::capture {
namespace {

namespace fs = std::filesystem;

struct Fd {
    explicit Fd(const std::string& path) : fd(open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)) {}
    ~Fd() {
        if (fd >= 0) close(fd);
    }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    const int fd;
};

bool ask(int fd, unsigned long request, void* data) {
    int result = 0;
    do {
        result = ioctl(fd, request, data);
    } while (result < 0 && errno == EINTR);
    return result >= 0;
}

/// A device node may also be for output or metadata.
bool captures(int fd) {
    v4l2_capability capability{};
    if (!ask(fd, VIDIOC_QUERYCAP, &capability)) return false;
    const auto flags = (capability.capabilities & V4L2_CAP_DEVICE_CAPS) ? capability.device_caps : capability.capabilities;
    return (flags & V4L2_CAP_VIDEO_CAPTURE) && (flags & V4L2_CAP_STREAMING);
}

std::vector<std::string> nodes() {
    std::vector<std::string> found;
    std::error_code error;
    for (fs::directory_iterator entry("/dev", error), end; !error && entry != end; entry.increment(error)) {
        const auto name = entry->path().filename().string();
        if (name.starts_with("video") && name.size() > 5 &&
            std::all_of(name.begin() + 5, name.end(), [](char c) { return c >= '0' && c <= '9'; }))
            found.push_back(entry->path().string());
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return std::tuple(a.size(), a) < std::tuple(b.size(), b); });
    return found;
}

Result<std::string> findDevice(const std::string& id) {
    if (!id.empty()) return id.find('/') == std::string::npos ? "/dev/video" + id : id;
    std::optional<Error> first;
    for (const auto& node : nodes()) {
        const Fd device(node);
        if (device.fd < 0) {
            if (!first) first = cameraError(node, errno);
        } else if (captures(device.fd)) {
            return node;
        }
    }
    return first.value_or(
        Error{Code::CameraFailed, "there is no camera: no /dev/video* that captures; plug one in or choose another source"});
}

/// What the v4l2 input calls the formats we can take, the cheapest first.
struct Format {
    std::uint32_t fourcc;
    const char* name;
};
constexpr Format kFormats[] = {{V4L2_PIX_FMT_YUV420, "yuv420p"}, {V4L2_PIX_FMT_NV12, "nv12"},   {V4L2_PIX_FMT_YUYV, "yuyv422"},
                               {V4L2_PIX_FMT_UYVY, "uyvy422"},   {V4L2_PIX_FMT_MJPEG, "mjpeg"}, {V4L2_PIX_FMT_JPEG, "mjpeg"}};

double fastest(int fd, std::uint32_t fourcc, std::uint32_t width, std::uint32_t height) {
    v4l2_frmivalenum interval{};
    interval.pixel_format = fourcc;
    interval.width = width;
    interval.height = height;
    double best = 0;
    for (; ask(fd, VIDIOC_ENUM_FRAMEINTERVALS, &interval); ++interval.index) {
        const bool discrete = interval.type == V4L2_FRMIVAL_TYPE_DISCRETE;
        const auto shortest = discrete ? interval.discrete : interval.stepwise.min;
        if (shortest.numerator > 0) best = std::max(best, double(shortest.denominator) / double(shortest.numerator));
        if (!discrete) break;
    }
    return best;
}

struct Size {
    std::uint32_t width, height;
};

std::vector<Size> sizes(int fd, std::uint32_t fourcc, Size wish) {
    std::vector<Size> found;
    v4l2_frmsizeenum size{};
    size.pixel_format = fourcc;
    for (; ask(fd, VIDIOC_ENUM_FRAMESIZES, &size); ++size.index) {
        if (size.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
            found.push_back({size.discrete.width, size.discrete.height});
            continue;
        }
        const auto& s = size.stepwise;
        const auto fit = [](std::uint32_t length, std::uint32_t low, std::uint32_t high, std::uint32_t step) {
            step = std::max(step, 1U);
            return std::clamp(low + (std::max(length, low) - low + step - 1) / step * step, low, high);
        };
        found.push_back({fit(wish.width, s.min_width, s.max_width, s.step_width),
                         fit(wish.height, s.min_height, s.max_height, s.step_height)});
        break;
    }
    return found;
}

}  // namespace

Error cameraError(const std::string& device, int error) {
    const auto name = "camera \"" + device + "\": ";
    switch (error) {
        case EACCES:
        case EPERM:
            return {Code::CameraDenied,
                    name + "access denied: put the user into the group \"video\" (adduser NAME video) and log in again", error};
        case ENOENT:
        case ENODEV:
        case ENXIO: return {Code::CameraFailed, name + "is not there; plug it in, or name another one", error};
        case EBUSY: return {Code::CameraFailed, name + "is in use by another program", error};
        case ETIMEDOUT: return {Code::CameraFailed, name + "does not answer; plug it in anew", error};
        default: return {Code::CameraFailed, name + std::generic_category().message(error), error};
    }
}

Result<CameraMode> findCameraMode(const std::string& id, const WantedVideo& wanted) {
    auto found = findDevice(id);
    if (!found) return found.error();
    const Fd device(*found);
    if (device.fd < 0) return cameraError(*found, errno);
    if (!captures(device.fd)) return Error{Code::CameraFailed, "camera \"" + *found + "\": is no camera that streams"};

    // A picture that is higher than wide is cut out of a wide one: cameras have no others.
    Size wish{static_cast<std::uint32_t>(wanted.width), static_cast<std::uint32_t>(wanted.height)};
    if (wish.width < wish.height) wish.width = wish.height * 16 / 9;

    CameraMode best{
        .device = *found, .width = static_cast<int>(wish.width), .height = static_cast<int>(wish.height), .fps = wanted.fps};
    std::optional<std::tuple<bool, bool, double, std::size_t>> bestRank;  // the smaller the better
    for (std::size_t i = 0; i < std::size(kFormats); ++i)
        for (const auto size : sizes(device.fd, kFormats[i].fourcc, wish)) {
            const double fps = fastest(device.fd, kFormats[i].fourcc, size.width, size.height);
            const bool small = size.width < wish.width || size.height < wish.height;
            const bool slow = fps > 0 && fps < wanted.fps * 0.95;
            const double area = double(size.width) * double(size.height) / (double(wish.width) * double(wish.height));
            const std::tuple rank{slow, small, small ? 1 / area : area, i};
            if (bestRank && !(rank < *bestRank)) continue;
            bestRank = rank;
            best.format = kFormats[i].name;
            best.width = static_cast<int>(size.width);
            best.height = static_cast<int>(size.height);
            best.fps = fps > 0 ? static_cast<int>(std::min(std::ceil(fps), double(wanted.fps))) : wanted.fps;
        }
    return best;
}

}  // namespace livepusher::capture
