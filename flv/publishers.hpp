// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"

#include <memory>

namespace livepusher::rtmp {

/// One FLV stream posted to a server: open() takes a URL of scheme HttpFlv.
std::unique_ptr<Publisher> makeHttpFlvPublisher();

/// One FLV file (Adobe FLV 10.1, annex E): open() takes a URL of scheme FlvFile and replaces what was there.
std::unique_ptr<Publisher> makeFlvFilePublisher();

}  // namespace livepusher::rtmp
