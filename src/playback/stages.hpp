// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/calls.hpp>
#include <livepusher/player_properties.hpp>

#include "decode/decoder.hpp"
#include "display/window.hpp"
#include "effects/effect.hpp"
#include "endpoint/publisher.hpp"
#include "endpoint/subscriber.hpp"
#include "media/audio_format.hpp"
#include "speaker/speaker.hpp"

#include <functional>
#include <memory>
#include <string>

namespace livepusher::playback {

/// How a player gets its replaceable parts. src/wiring.cpp names the real ones, tests the fakes.
struct PlayerStages {
    std::function<std::unique_ptr<rtmp::Subscriber>(base::Url::Scheme)> subscriber;
    std::function<std::unique_ptr<decode::VideoDecoder>(VideoDecoderType, decode::DecoderObserver&)> videoDecoder;
    std::function<std::unique_ptr<decode::AudioDecoder>(base::AudioFormat, decode::DecoderObserver&)> audioDecoder;
    std::function<std::unique_ptr<effects::TimeStretcher>(base::AudioFormat)> stretcher;
    std::function<std::unique_ptr<effects::SoundJoiner>(base::AudioFormat)> joiner;
    speaker::SpeakerFactory speaker;
    display::WindowFactory window{};  ///< empty: this build has none
    std::function<Result<void>(const VideoFrame&, SnapshotQuality, const std::string& path)> writePicture;
    /// Writes what is received to an .flv file.
    std::function<std::unique_ptr<rtmp::Publisher>()> flvFile;
};

}  // namespace livepusher::playback
