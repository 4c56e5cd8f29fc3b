// SPDX-License-Identifier: MIT
#include "capture/camera/choosing.hpp"

#include <cerrno>
#include <utility>

#include "capture/camera/controls.hpp"

namespace livepusher::capture {
namespace {

Result<OpenedCamera> stream(Result<V4l2Node> node, const WantedVideo& wanted) {
    if (!node) return node.error();
    auto opened = CameraStream::open(std::move(*node), wanted);
    if (!opened) return opened.error();
    OpenedCamera camera;
    camera.stream = std::move(*opened);
    return camera;
}

}  // namespace

Result<OpenedCamera> openChosen(const CameraChoice& choice, const WantedVideo& wanted) {
    if (!choice.id.empty()) return stream(openCamera(choice.id), wanted);
    const auto& configured = wanted.position == DevicePosition::front ? choice.ids.front : choice.ids.back;
    if (!configured.empty()) return stream(openCamera(configured), wanted);
    const auto all = findCameras();
    if (!all) return all.error();
    const auto found = cameraAt(wanted.position, all->cameras, choice.ids);
    if (!found) return found.error();
    return stream(V4l2Node::open(found->identity.path), wanted);
}

Result<OpenedCamera> openOther(const CameraIdentity& current, const CameraIds& ids, const WantedVideo& wanted) {
    const auto all = findCameras();
    if (!all) return all.error();
    const auto& cameras = all->cameras;
    const auto front = cameraAt(DevicePosition::front, cameras, ids);
    const auto back = cameraAt(DevicePosition::back, cameras, ids);
    auto position = DevicePosition::front;
    if (front && front->identity.same(current)) {
        position = DevicePosition::back;
    } else if (!(back && back->identity.same(current))) {  // named by its ID, and neither of the two
        auto own = wanted.position;
        for (const auto& camera : cameras)
            if (camera.identity.same(current)) own = camera.position.value_or(own);
        position = own == DevicePosition::front ? DevicePosition::back : DevicePosition::front;
    }
    const auto& target = position == DevicePosition::front ? front : back;
    if (!target) return target.error();
    if (target->identity.same(current) && all->refused) return *all->refused;
    if (target->identity.same(current))
        return Error{Code::NotAvailable, "camera \"" + current.name + "\" is the only one: there is none to switch to"};
    auto opened = stream(V4l2Node::open(target->identity.path), wanted);
    if (opened) opened->position = position;
    return opened;
}

Result<OpenedCamera> openAgain(const CameraSearch& search, const std::vector<std::string>& paths,
                               const std::shared_ptr<std::vector<std::string>>& others, const WantedVideo& wanted) {
    auto error = cameraError(search.lost().name, ENODEV);
    for (const auto& path : paths) {
        auto node = V4l2Node::open(path);
        if (!node) {
            error = node.error();
            continue;
        }
        if (!node->captures() || !identityOf(*node).same(search.lost())) {
            others->push_back(path);
            continue;
        }
        return stream(std::move(node), wanted);
    }
    return error;
}

}  // namespace livepusher::capture
