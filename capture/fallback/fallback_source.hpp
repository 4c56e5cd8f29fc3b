// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "capture/fallback/fallback_decider.hpp"
#include "capture/fallback/source_runner.hpp"
#include "capture/source.hpp"

namespace livepusher::capture {

/// How a source and what stands in for it are made; each as often as it is opened anew.
struct FallbackOptions {
    SourceRunner::Make main;
    bool mainIsOne = false;              ///< its two ends are one source
    std::function<bool()> mainIsPipe{};  ///< which may have another writer after its end; may ask a disk
    std::string mainName;                ///< for messages, as what follows
    SourceRunner::Make standby;
    bool standbyIsOne = false;
    bool standbyMayCome = false;  ///< it is a device or in the network, and worth being waited for
    std::string standbyName;
    bool keepSound = false;  ///< the source's own sound goes on
    FallbackRules rules{};
};

/// The ends of a source that never fails and never ends, as far as the rules have it: while it is lost, frozen, black or silent,
/// or has ended, the frames and samples of the standby come in its place, both at once, each time from a cut on
/// (VideoSource::Sink::cut()) and told by Code::FallbackBegan and FallbackEnded. The source goes on meanwhile, and is made again
/// where it has failed. A start() answers as soon as the source is open, or it is clear that it isn't: then as
/// WantedVideo::waits has it. `picture` and `sound`: which ends there are. `beside`, where given, is the sound in place of
/// main's: it fails by itself, and is exchanged and watched only.
SourcePair makeFallback(FallbackOptions options, bool picture, bool sound, std::unique_ptr<AudioSource> beside);

}  // namespace livepusher::capture
