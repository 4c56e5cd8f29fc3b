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
#include <span>
#include <string>
#include <vector>

namespace livepusher::pipeline {

/// How a session gets its replaceable parts. src/wiring.cpp names the real ones, tests the fakes.
struct Stages {
    using LoadPicture = std::function<Result<VideoFrame>(const Properties&, const std::atomic<bool>& cancelled)>;
    using MakeMusic = std::function<std::unique_ptr<capture::Music>(capture::MusicSettings, capture::MusicEvents)>;

    std::function<Result<capture::SourcePair>(const Sources&, const Properties&)> sources;
    /// The paths of the files that they read; asks disks. Empty: none. [any-thread]
    std::function<std::vector<std::string>(const Sources&)> sourceFiles{};
    /// `onCode` hears of 1105 and 1106 on any thread.
    std::function<std::unique_ptr<effects::VideoEffect>(std::function<void(Code, std::string)> onCode)> videoEffects;
    /// Whether the effects that the properties ask for can be had here. Errors: NotAvailable.
    std::function<Result<void>(const Properties&)> checkEffects;
    std::function<VideoFrame(const VideoFrame&)> mirrored;  ///< for the local view
    /// Writes lines over a frame, which is replaced if others hold it.
    std::function<void(VideoFrame&, std::span<const std::string>)> writeText{};
    display::WindowFactory window{};  ///< empty: this build has none
    /// A still picture in the pushed size, whole and undistorted, between bars where it has to be.
    std::function<VideoFrame(const VideoFrame&, const effects::VideoTarget&)> fitted;
    LoadPicture loadPicture;  ///< waitingImage; blocks
    std::function<std::unique_ptr<effects::AudioChain>(int sampleRate, int channels)> audioChain;
    std::function<std::unique_ptr<effects::ClockMatcher>(int sampleRate, int channels)> clockMatcher;
    MakeMusic music;
    std::function<std::unique_ptr<encode::VideoEncoder>(encode::VideoEncoderChoice)> videoEncoder;
    std::function<std::unique_ptr<encode::AudioEncoder>(AudioCodec)> audioEncoder;
    std::function<std::unique_ptr<rtmp::Publisher>(base::Url::Scheme)> publisher;
    std::function<Result<void>(const VideoFrame&, SnapshotQuality, const std::string& path)> writePicture;
};

}  // namespace livepusher::pipeline
