// SPDX-License-Identifier: MIT
#pragma once

#include "av/av.hpp"

namespace program {

// libav's handles, and the functions of libavformat, as the library has them.
using livepusher::capture::avformat;
using livepusher::capture::avText;
using livepusher::capture::CodecPtr;
using livepusher::capture::FormatPtr;
using livepusher::capture::FramePtr;
using livepusher::capture::loadAvformat;
using livepusher::capture::PacketPtr;

}  // namespace program
