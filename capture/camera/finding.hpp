// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/properties.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "capture/camera/identity.hpp"
#include "capture/source_makers.hpp"

namespace livepusher::capture {

/// A camera that is there, and which way it looks, where the driver tells.
struct FoundCamera {
    CameraIdentity identity;
    std::optional<DevicePosition> position;
};

/// Those that can be opened now.
struct FoundCameras {
    std::vector<FoundCamera> cameras;  ///< at least one
    std::optional<Error> refused{};    ///< why another one can't
};

/// Which of them is in front and which at the back: as configured, else as their drivers say, else the first and the second.
/// An only camera is both. Errors: CameraFailed, a configured one is not among them. `cameras` must not be empty.
Result<FoundCamera> cameraAt(DevicePosition position, const std::vector<FoundCamera>& cameras, const CameraIds& ids);

/// All cameras that can be opened now. Errors, when there is none: CameraDenied, CameraFailed. Asks the drivers.
Result<FoundCameras> findCameras();

/// The camera that `id` names. Errors: CameraDenied, CameraFailed. Asks the drivers.
Result<V4l2Node> openCamera(const std::string& id);

/// Looks again and again for a camera that has gone, which may return as another node.
class CameraSearch {
public:
    explicit CameraSearch(CameraIdentity lost) : lost_(std::move(lost)) {}

    /// The nodes that may be the lost camera: not those that turned out to be another one. Asks no driver.
    std::vector<std::string> candidates();
    /// What candidates() told is another camera.
    void exclude(const std::string& path) { others_.insert(path + ">" + linkTo(path)); }

    const CameraIdentity& lost() const { return lost_; }

private:
    CameraIdentity lost_;
    std::set<std::string> others_;  ///< with their links, which come a little after the nodes
};

}  // namespace livepusher::capture
