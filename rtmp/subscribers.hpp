// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/subscriber.hpp"

#include <memory>

namespace livepusher::rtmp {

/// One RTMP or RTMPS connection (RTMP 1.0) to one server that plays; open() takes a URL of either scheme.
std::unique_ptr<Subscriber> makeRtmpSubscriber();

}  // namespace livepusher::rtmp
