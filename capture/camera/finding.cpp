// SPDX-License-Identifier: MIT
#include "capture/camera/finding.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "capture/camera/controls.hpp"

namespace livepusher::capture {
namespace {

constexpr const char* kNone = "there is no camera: no /dev/video* that captures; plug one in or choose another source";

const std::string& configured(DevicePosition position, const CameraIds& ids) {
    return position == DevicePosition::front ? ids.front : ids.back;
}

DevicePosition other(DevicePosition position) {
    return position == DevicePosition::front ? DevicePosition::back : DevicePosition::front;
}

/// As configured or as the driver says; null: neither.
const FoundCamera* told(DevicePosition position, const std::vector<FoundCamera>& cameras, const CameraIds& ids) {
    const auto& id = configured(position, ids);
    const auto& taken = configured(other(position), ids);
    for (const auto& camera : cameras)
        if (id.empty() ? camera.position == position && !(!taken.empty() && camera.identity.answersTo(taken))
                       : camera.identity.answersTo(id))
            return &camera;
    return nullptr;
}

}  // namespace

Result<FoundCamera> cameraAt(DevicePosition position, const std::vector<FoundCamera>& cameras, const CameraIds& ids) {
    if (const auto* camera = told(position, cameras, ids)) return *camera;
    if (const auto& id = configured(position, ids); !id.empty())
        return cameraFailed(id, "is not there; plug it in, or configure another one", ENOENT);
    // The first that is not known to be the other one; at the back the first that is not in front either.
    const auto* opposite = told(other(position), cameras, ids);
    if (position == DevicePosition::back && !opposite) opposite = &cameras.front();
    for (const auto& camera : cameras)
        if (&camera != opposite) return camera;
    return cameras.front();
}

Result<FoundCameras> findCameras() {
    FoundCameras found;
    auto& first = found.refused;
    for (const auto& path : videoNodes()) {
        auto node = V4l2Node::open(path);
        if (!node) {
            if (!first || (node.error().code == Code::CameraDenied && first->code != Code::CameraDenied)) first = node.error();
        } else if (node->captures()) {
            found.cameras.push_back({identityOf(*node), positionOf(*node)});
        }
    }
    if (found.cameras.empty()) return first.value_or(Error{Code::CameraFailed, kNone, ENODEV});
    return found;
}

Result<V4l2Node> openCamera(const std::string& id) {
    if (const auto path = pathOf(id); !path.empty()) {
        auto node = V4l2Node::open(path);
        if (node && !node->captures()) return cameraFailed(path, "is not a camera that streams", EINVAL);
        return node;
    }
    std::string denied;
    for (const auto& path : videoNodes()) {
        auto node = V4l2Node::open(path);
        if (node ? node->captures() && identityOf(*node).answersTo(id) : identityOfClosed(path).answersTo(id)) return node;
        if (!node && node.error().code == Code::CameraDenied) denied += (denied.empty() ? "" : ", ") + path;
    }
    if (!denied.empty())
        return cameraFailed(id, "is not among the cameras that may be opened (access to " + denied + " is denied)", ENOENT);
    return cameraFailed(id, "is not there; plug it in, or name another one: \"livepusher devices\" lists them", ENOENT);
}

std::vector<std::string> CameraSearch::candidates() {
    auto nodes = videoNodes();
    // A node that somebody has given a name of his own.
    std::error_code ignored;
    if (!lost_.path.starts_with("/dev/video") && std::filesystem::exists(lost_.path, ignored)) nodes.push_back(lost_.path);
    std::set<std::string> still;
    std::vector<std::string> candidates;
    for (const auto& path : nodes) {
        auto key = path + ">" + linkTo(path);
        if (others_.contains(key))
            still.insert(std::move(key));
        else
            candidates.push_back(path);
    }
    others_ = std::move(still);  // a node that has gone may come again as anything
    return candidates;
}

}  // namespace livepusher::capture
