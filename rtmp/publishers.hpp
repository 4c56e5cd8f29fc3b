// SPDX-License-Identifier: MIT
#pragma once

#include "rtmp/publisher.hpp"

#include <memory>

namespace livepusher::rtmp {

/// One RTMP or RTMPS connection (RTMP 1.0) to one server; open() takes a URL of either scheme.
std::unique_ptr<Publisher> makeRtmpPublisher();

/// One FLV file (Adobe FLV 10.1, annex E): open() takes a URL of scheme FlvFile and replaces what was there.
std::unique_ptr<Publisher> makeFlvFilePublisher();

}  // namespace livepusher::rtmp
