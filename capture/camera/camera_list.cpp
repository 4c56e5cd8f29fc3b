// SPDX-License-Identifier: MIT
#include "capture/device_lists.hpp"

#include <cerrno>
#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

#include "base/abandonable_thread.hpp"
#include "capture/camera/controls.hpp"
#include "capture/camera/identity.hpp"
#include "capture/camera/modes.hpp"
#include "capture/camera/stream.hpp"
#include "capture/camera/v4l2.hpp"

namespace livepusher::capture {
namespace {

constexpr auto kListingWait = std::chrono::seconds(2);

CameraInfo describe(const CameraIdentity& identity) {
    CameraInfo info;
    info.id = identity.id();
    info.name = identity.name;
    info.path = identity.path;
    return info;
}

/// Giving back no buffers at all is refused while another program has some.
bool isBusy(const V4l2Node& camera) {
    v4l2_requestbuffers none{};
    none.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    none.memory = V4L2_MEMORY_MMAP;
    return camera.ask(VIDIOC_REQBUFS, &none) == EBUSY;
}

CameraInfo describe(const V4l2Node& camera) {
    auto info = describe(identityOf(camera));
    info.position = positionOf(camera);
    for (const auto& offer : cameraOffers(camera, std::nullopt))
        info.modes.push_back({formatName(offer.format), offer.size.width, offer.size.height, offer.most()});
    info.controls = controlsOf(camera);
    const CameraControls controls(camera);
    info.autoFocus = controls.hasAutoFocus();
    info.focus = controls.hasFocus();
    info.torch = controls.hasTorch();
    info.maxZoom = controls.hasZoom() ? controls.maxZoom() : kMostDigitalZoom;
    if (info.modes.empty())
        info.problem = cameraFailed(camera.path(), "has no format that can be taken", EINVAL).message;
    else if (isBusy(camera))
        info.problem = cameraError(camera.path(), EBUSY).message;
    return info;
}

/// Shared with the thread that asks the drivers, which one that hangs may keep.
struct Listing {
    std::mutex mutex;
    std::vector<CameraInfo> cameras;
    std::string asked;  ///< the node that is being asked
    std::string problem;
};

void ask(Listing& listing) {
    for (const auto& path : videoNodes()) {
        {
            std::lock_guard lock(listing.mutex);
            listing.asked = path;
        }
        auto node = V4l2Node::open(path);
        std::optional<CameraInfo> info;
        if (!node) {
            info = describe(identityOfClosed(path));
            info->problem = node.error().message;
        } else if (node->captures()) {
            info = describe(*node);
        }
        std::lock_guard lock(listing.mutex);
        if (info) listing.cameras.push_back(std::move(*info));
    }
}

}  // namespace

std::vector<CameraInfo> listCameras(std::vector<std::string>& notes) {
    const auto listing = std::make_shared<Listing>();
    base::AbandonableThread thread;
    const auto started = thread.start(
        "camera list", [listing] { ask(*listing); },
        [listing](const Error& error) { listing->problem = "cameras: " + error.message; });
    if (!started) {
        notes.push_back("cameras: " + started.error().message);
        return {};
    }
    const bool done = thread.end(kListingWait);
    std::lock_guard lock(listing->mutex);
    if (!done)
        notes.push_back(cameraError(listing->asked, ETIMEDOUT).message + "; those after it are not listed");
    else if (!listing->problem.empty())
        notes.push_back(listing->problem);
    else if (listing->cameras.empty())
        notes.emplace_back("cameras: there is none: no /dev/video* that captures");
    return listing->cameras;
}

}  // namespace livepusher::capture
