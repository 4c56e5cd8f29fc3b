// SPDX-License-Identifier: MIT
#include "encode/device_nodes.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/descriptor.hpp"
#include "base/read_file.hpp"

namespace livepusher::encode {

namespace {

/// The files of a folder whose names begin so, by name.
std::vector<std::string> beginningWith(const std::string& folder, const std::string& begin) {
    std::vector<std::string> found;
    // Not std::filesystem: its iterators without exceptions end the process where there is no memory.
    const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(folder.c_str()), closedir);
    if (!open) return found;
    while (const auto* entry = readdir(open.get())) {  // NOLINT(concurrency-mt-unsafe): the stream is this call's own
        if (std::string_view(entry->d_name).starts_with(begin)) found.push_back(folder + "/" + entry->d_name);
    }
    std::ranges::sort(found);
    return found;
}

bool isIntel(const std::string& sys, const std::string& node) {
    const std::string_view intel = "0x8086";
    const auto vendor = base::readBeginning(sys + "/class/drm/" + node + "/device/vendor", intel.size());
    return vendor && *vendor == intel;
}

}  // namespace

DeviceNodes findDeviceNodes(const std::string& dev, const std::string& sys) {
    DeviceNodes found;
    for (const auto& path : beginningWith(dev + "/dri", "renderD")) {
        if (access(path.c_str(), R_OK | W_OK) != 0) {
            found.lockedRender = path;
            continue;
        }
        found.render.push_back(path);
        found.intel = found.intel || isIntel(sys, std::filesystem::path(path).filename().string());
    }
    found.nvidia = access((dev + "/nvidia0").c_str(), F_OK) == 0;
    found.video = !beginningWith(dev, "video").empty();
    return found;
}

bool hasVideoCodecDevice(const std::string& dev) {
    return std::ranges::any_of(beginningWith(dev, "video"), [](const std::string& path) {
        const base::Descriptor device(open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
        v4l2_capability about{};
        if (!device || ioctl(device.get(), VIDIOC_QUERYCAP, &about) != 0) return false;
        const auto can = about.capabilities & V4L2_CAP_DEVICE_CAPS ? about.device_caps : about.capabilities;
        return (can & (V4L2_CAP_VIDEO_M2M | V4L2_CAP_VIDEO_M2M_MPLANE)) != 0;
    });
}

std::string missingHardware(EncoderKind kind, const DeviceNodes& nodes) {
    const bool gpu = kind == EncoderKind::vaapi || kind == EncoderKind::qsv;
    if (gpu && nodes.render.empty() && !nodes.lockedRender.empty())
        return "no permission for " + nodes.lockedRender + ": add the user to the group \"render\" and log in again";
    if (gpu && nodes.render.empty())
        return "no render node /dev/dri/renderD*: no GPU with a driver in the kernel, or a container that hides it "
               "(docker run --device /dev/dri)";
    if (kind == EncoderKind::qsv && !nodes.intel) return "no GPU of Intel's";
    if (kind == EncoderKind::nvenc && !nodes.nvidia)
        return "no /dev/nvidia0: no GPU of NVIDIA's with NVIDIA's own driver, or a container that hides it (docker run --gpus "
               "all)";
    if (kind == EncoderKind::v4l2 && !nodes.video) return "no /dev/video*: no V4L2 device that encodes";
    return {};
}

}  // namespace livepusher::encode
