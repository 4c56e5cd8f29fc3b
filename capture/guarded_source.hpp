// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "capture/source.hpp"

namespace livepusher::capture {

template <typename Source>
using SourceMaker = std::function<std::unique_ptr<Source>()>;

/// A source whose start() and stop() may never return, because the file system or the driver that it reads does not answer:
/// made by `make` and called on threads of their own. interrupt() ends a start() that waits, and after 700 ms a stop() that
/// waits leaves the source to its thread; the next start() makes another. Only start(), stop() and interrupt() get through.
/// `label` is for messages.
std::unique_ptr<VideoSource> guarded(std::string label, SourceMaker<VideoSource> make);
std::unique_ptr<AudioSource> guarded(std::string label, SourceMaker<AudioSource> make);
std::unique_ptr<CodedVideoSource> guarded(std::string label, SourceMaker<CodedVideoSource> make);

}  // namespace livepusher::capture
