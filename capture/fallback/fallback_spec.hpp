// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/sources.hpp>

#include <string>
#include <string_view>

namespace livepusher::capture {

/// What Sources::fallback and fallbackAudio come to: sources as Sources has them, each of which begins again at its end.
struct FallbackSpec {
    Sources sources{};
    bool keepSound = false;  ///< the sound of what it stands in for goes on
};

/// A description of a fallback in the words of Sources: a bare path or URL gets the word that its ending asks for, "image:",
/// "file:", or "camera:" for RTSP. [any-thread]
std::string withKind(std::string_view text);

/// Errors: InvalidArgument, with the value and what is allowed. [any-thread]
Result<FallbackSpec> parseFallback(const Sources& sources);

}  // namespace livepusher::capture
