// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "capture/source.hpp"
#include "capture/spec.hpp"

namespace livepusher::capture {

/// Uncompressed frames from a regular file (paced at its rate; `loop`: again and again), a FIFO or stdin (taken as
/// they arrive).
std::unique_ptr<VideoSource> makeRawVideo(const Spec& spec, bool loop);

/// Interleaved 16-bit little-endian samples, likewise.
std::unique_ptr<AudioSource> makePcmAudio(const Spec& spec, bool loop);

}  // namespace livepusher::capture
