// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/abandonable_thread.hpp"
#include "base/time_source.hpp"
#include "capture/file/picture_track.hpp"
#include "capture/file/reading.hpp"
#include "capture/file/sound_track.hpp"
#include "capture/sink_gate.hpp"
#include "capture/source.hpp"

namespace livepusher::capture {

/// Plays one file or URL in real time to the ends that are started: one thread reads, one a track decodes and delivers
/// each item at its moment, by one clock. Time runs while an end is started; an end that is started later joins in step.
/// Of a live stream what is missed while no end is started is gone.
class Playback {
public:
    struct Options {
        std::string target;
        std::vector<std::string> next{};  ///< clips that follow it
        bool loop = false;
        std::array<bool, 2> ends{};  ///< which exist
        base::NetworkOptions network{};
        bool deinterlace = true;
        std::chrono::milliseconds retryWithin{5000};  ///< as SourceOptions has it
        base::TimeSource time{};
    };
    explicit Playback(Options options);
    ~Playback();

    /// As the sources' start(). A URL that doesn't answer is waited for 10 s, a FIFO for its writer. [video, audio]
    Result<VideoSourceFormat> startVideo(VideoSource::Sink& sink);
    Result<void> startAudio(const WantedAudio& wanted, AudioSource::Sink& sink);
    void stop(Track track);  ///< [video, audio]

    /// As the sources' interrupt(). [any-thread]
    void interrupt(Track track);

private:
    struct Gates final : SourceObserver {
        /// To the picture's sink, while that hears at all.
        void code(Code code, std::string what) override {
            const auto tell = [&](SourceObserver& sink) { sink.code(code, what); };
            if (video.isOpen()) {
                video.call(tell);
            } else {
                audio.call(tell);
            }
        }
        SinkGate<VideoSource::Sink> video;
        SinkGate<AudioSource::Sink> audio;
    };
    /// What is played: all that goes away when it is opened anew.
    struct Run {
        std::shared_ptr<Reading> reading;
        base::AbandonableThread demuxing;
        std::optional<PictureTrack> picture;
        std::optional<SoundTrack> sound;
        std::array<bool, 2> everStarted{};
    };

    Result<void> launch(Track track);
    Result<void> begin(Track track);
    void end(Track track);
    void close();
    bool isOver() const;
    Error missingTrack(Track track) const;

    const Options options_;
    const std::string name_;  ///< for messages
    const std::shared_ptr<Gates> gates_ = std::make_shared<Gates>();

    std::mutex ends_;  ///< the two ends belong to two threads: one starts or stops at a time
    std::unique_ptr<Run> run_;
    std::array<bool, 2> started_{};
    std::array<std::thread, 2> threads_;
    std::array<std::atomic<bool>, 2> over_{};  ///< the track's thread has come to its end or a failure
    bool live_ = false;                        ///< what was opened last

    std::mutex mutex_;  ///< of what interrupt() reaches
    std::array<std::atomic<bool>, 2> interrupted_{};
    std::shared_ptr<Reading> shared_;
};

}  // namespace livepusher::capture
