// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>
#include <livepusher/media.hpp>

#include <string>
#include <vector>

#include "effects/faces/models.hpp"

namespace livepusher::effects::faces {

/// Why what is fetched can't be tested with; empty: it can.
std::string missingModels();
std::string missingVideo(const std::string& name);
std::string missingAstronaut();

Models realModels();

/// The portrait of Debian's python3-skimage (NASA, public domain), 512x512 px, in ffmpeg's words changed and at that size.
VideoFrame astronaut(const std::string& filters, int width, int height);
inline VideoFrame astronaut() { return astronaut("null", 512, 512); }

/// Another picture of that package.
VideoFrame photo(const std::string& name, int width, int height);

/// The first frames of a video at that size, at 25 a second.
std::vector<VideoFrame> video(const std::string& name, const std::string& filters, int width, int height, int frames);

VideoFrame copyOf(const VideoFrame& frame);
VideoFrame grey(int width, int height);
/// The part of `from` is put into `to` at that place; all even.
void paste(const VideoFrame& from, VideoFrame& to, int x, int y);
bool samePixels(const VideoFrame& a, const VideoFrame& b);

#define LIVEPUSHER_NEEDS(missing) \
    if (const std::string reason = (missing); !reason.empty()) GTEST_SKIP() << reason

}  // namespace livepusher::effects::faces
