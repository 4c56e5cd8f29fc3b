// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/context.hpp>
#include <livepusher/error.hpp>

#include <string>

#include "capture/source.hpp"

namespace livepusher::capture {

/// Makes both ends of what an application asked for; nothing is opened before their start(). The same
/// "file:" or "test" at both ends is one source: read once, one clock. Errors: InvalidArgument. [control]
/// `caFile`: PEM of the CAs to trust for https; empty: the system's.
Result<SourcePair> makeSources(const Sources& sources, const std::string& caFile = {});

}  // namespace livepusher::capture
