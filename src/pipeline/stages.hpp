// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/calls.hpp>
#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>
#include <livepusher/sources.hpp>

#include "capture/music.hpp"
#include "capture/source.hpp"
#include "display/window.hpp"
#include "effects/effect.hpp"
#include "encode/encoder.hpp"
#include "endpoint/publisher.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace livepusher::pipeline {

/// How a session gets its replaceable parts. src/wiring.cpp names the real ones, tests the fakes.
struct Stages {
    using LoadPicture = std::function<Result<VideoFrame>(const Properties&, const std::atomic<bool>& cancelled)>;
    using MakeMusic = std::function<std::unique_ptr<capture::Music>(capture::MusicSettings, capture::MusicEvents)>;

    std::function<Result<capture::SourcePair>(const Sources&, const Properties&)> sources;
    /// `onCode` hears of Code::EffectsFellBack and EffectsFellBackAgain on any thread.
    std::function<std::unique_ptr<effects::VideoEffect>(std::function<void(Code, std::string)> onCode)> videoEffects;
    /// Whether the effects that the properties ask for can be had here. Errors: NotAvailable.
    std::function<Result<void>(const Properties&)> checkEffects;
    display::WindowFactory window{};  ///< empty: this build has none
    LoadPicture loadPicture;          ///< waitingImage; blocks
    std::function<std::unique_ptr<effects::AudioChain>(base::AudioFormat)> audioChain;
    std::function<std::unique_ptr<effects::ClockMatcher>(base::AudioFormat)> clockMatcher;
    MakeMusic music;
    std::function<std::unique_ptr<encode::VideoEncoder>(encode::VideoEncoderChoice)> videoEncoder;
    std::function<std::unique_ptr<encode::AudioEncoder>(AudioCodec)> audioEncoder;
    std::function<std::unique_ptr<rtmp::Publisher>(base::Url::Scheme)> publisher;
};

}  // namespace livepusher::pipeline
