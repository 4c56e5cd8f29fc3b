// SPDX-License-Identifier: MIT
#pragma once

#include "encode/encoder.hpp"

#include <x264.h>

namespace livepusher::encode {

/// Whether an encoder of that name can be opened so. Errors: UnsupportedResolution, VideoEncodeFailed.
Result<void> checkSettings(const VideoEncoderSettings& settings, const std::string& encoder);

/// What x264 is opened with. Errors: UnsupportedResolution, VideoEncodeFailed.
Result<x264_param_t> makeX264Parameters(const VideoEncoderSettings& settings);

/// The part that may change while encoding.
void applyRate(x264_param_t& param, const VideoEncoderSettings& settings);

/// Threads worth having: each costs CPU time, so there are only as many as keep one frame's
/// encoding well under the time between two. `cores`: of this machine.
int encoderThreads(const VideoEncoderSettings& settings, int cores);

}  // namespace livepusher::encode
