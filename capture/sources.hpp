// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/sources.hpp>

#include <chrono>

#include "base/time_source.hpp"
#include "capture/fallback/fallback_decider.hpp"
#include "capture/source.hpp"
#include "net/network_options.hpp"

namespace livepusher::capture {

/// What of the properties decides how sources are made.
struct SourceOptions {
    base::NetworkOptions network{};
    bool deinterlace = true;                      ///< interlaced files and network cameras
    base::TimeSource time{};                      ///< that files are played by
    FallbackRules fallback{};                     ///< of Sources::fallback
    std::chrono::milliseconds retryWithin{5000};  ///< the longest pause before a lost stream is connected to again
};

/// Makes both ends of what an application asked for; nothing is opened before their start(). The same
/// "file:" or "test" at both ends is one source: read once, one clock. Errors: InvalidArgument. [control]
Result<SourcePair> makeSources(const Sources& sources, const SourceOptions& options = {});

}  // namespace livepusher::capture
