// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/subscriber.hpp"

#include <memory>

namespace livepusher::rtmp {

/// One FLV stream over HTTP or HTTPS: open() takes a URL of scheme HttpFlv.
std::unique_ptr<Subscriber> makeHttpFlvSubscriber();

/// One FLV file: open() takes a URL of scheme FlvFile.
std::unique_ptr<Subscriber> makeFlvFileSubscriber();

}  // namespace livepusher::rtmp
