// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "capture/camera/finding.hpp"
#include "capture/camera/mailbox.hpp"
#include "capture/camera/opening.hpp"

namespace livepusher::capture {

/// Opens the camera that was asked for. Errors: CameraDenied, CameraFailed.
Result<OpenedCamera> openChosen(const CameraChoice& choice, const WantedVideo& wanted);

/// Opens the one at the other position than the camera `current`, and tells that position. Errors: as above; NotAvailable,
/// there is no other.
Result<OpenedCamera> openOther(const CameraIdentity& current, const CameraIds& ids, const WantedVideo& wanted);

/// Opens that very camera if it is at one of `paths`; `others` takes those that are another. Errors: as above.
Result<OpenedCamera> openAgain(const CameraSearch& search, const std::vector<std::string>& paths,
                               const std::shared_ptr<std::vector<std::string>>& others, const WantedVideo& wanted);

}  // namespace livepusher::capture
