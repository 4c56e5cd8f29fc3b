// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"

#include <memory>

namespace livepusher::rtmp {

/// One RTMP or RTMPS connection (RTMP 1.0) to one server; open() takes a URL of either scheme.
std::unique_ptr<Publisher> makeRtmpPublisher();

}  // namespace livepusher::rtmp
