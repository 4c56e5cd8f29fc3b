// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "capture/camera/v4l2.hpp"

namespace livepusher::capture {

/// What a camera is known by when it is plugged in anew and its node has another number.
struct CameraIdentity {
    std::string path;  ///< "/dev/video0", now
    std::string link;  ///< of /dev/v4l/by-id, with the serial number where the camera has one; may be empty
    std::string bus;   ///< made of where it is plugged in, its name and which of its nodes it is
    std::string name;  ///< the driver's, for people

    const std::string& id() const { return link.empty() ? bus : link; }
    bool same(const CameraIdentity& other) const { return (!link.empty() && link == other.link) || bus == other.bus; }
    /// Whether a user may mean it by `text`: a number, a path, an ID or its name.
    bool answersTo(const std::string& text) const;
};

CameraIdentity identityOf(const V4l2Node& camera);

/// What can be known of a node that may not be opened.
CameraIdentity identityOfClosed(const std::string& path);

/// Where a number or a path leads: "0" is /dev/video0. Empty: `id` is neither.
std::string pathOf(const std::string& id);

/// The name in /dev/v4l/by-id that leads to `path`; empty: none.
std::string linkTo(const std::string& path);

/// All /dev/videoN, in the order of their numbers, whatever they are.
std::vector<std::string> videoNodes();

}  // namespace livepusher::capture
