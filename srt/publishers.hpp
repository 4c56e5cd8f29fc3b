// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"

#include <memory>

namespace livepusher::srt {

/// One MPEG transport stream over SRT (draft-sharabayko-srt-01, live mode) to one receiver, by libsrt: open() takes a URL of
/// scheme Srt.
std::unique_ptr<rtmp::Publisher> makeSrtPublisher();

}  // namespace livepusher::srt
