// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "capture/source.hpp"
#include "net/network_options.hpp"

namespace livepusher::capture {

/// What the application pushes: push(CodedVideoView).
std::unique_ptr<CodedVideoSource> makeAppCoded();

/// The H.264 or HEVC of a file (paced in real time; `loop`: again and again), a FIFO, stdin or an http(s) URL, or of a
/// network camera (rtsp(s)://), which is reconnected to for ever. `network` holds for http(s).
std::unique_ptr<CodedVideoSource> makeCodedInput(const std::string& target, bool loop, const base::NetworkOptions& network = {});

}  // namespace livepusher::capture
