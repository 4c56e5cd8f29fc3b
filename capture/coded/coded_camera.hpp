// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "capture/source.hpp"
#include "net/network_options.hpp"

namespace livepusher::capture {

/// The H.264 or HEVC of a network camera (rtsp:// or rtsps://), reconnected to for ever.
std::unique_ptr<CodedVideoSource> makeCodedCamera(const std::string& url, const base::NetworkOptions& network);

}  // namespace livepusher::capture
