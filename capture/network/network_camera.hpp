// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "capture/source.hpp"
#include "net/network_options.hpp"

namespace livepusher::capture {

/// A camera in the network: rtsp:// and rtsps:// (H.264, HEVC, MJPEG …), http:// and https:// (MJPEG), which
/// `network` holds for. `deinterlace`: whole pictures of interlaced ones. Never encoded any faster
/// than it comes, and reconnected to for ever.
std::unique_ptr<VideoSource> makeNetworkCamera(const std::string& url, const base::NetworkOptions& network = {},
                                               bool deinterlace = true);

}  // namespace livepusher::capture
