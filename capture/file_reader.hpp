// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "capture/media_track.hpp"
#include "capture/sink_gate.hpp"
#include "capture/source.hpp"

namespace livepusher::capture {

/// Plays one file or URL in real time to the ends that are started: one thread reads, decodes one item ahead and
/// delivers each at its moment. Time runs while an end is started; an end that is started later joins in step.
class FileReader {
public:
    struct Options {
        std::string target;
        bool loop = false;
        std::array<bool, 2> ends{};  ///< which exist
    };
    explicit FileReader(Options options);
    ~FileReader();

    /// As the sources' start(). A URL that doesn't answer is waited for 10 s, a FIFO for its writer. [video, audio]
    Result<VideoSourceFormat> startVideo(VideoSource::Sink sink);
    Result<void> startAudio(const WantedAudio& wanted, AudioSource::Sink sink);
    void stop(Track track);  ///< [video, audio]

    /// As the sources' interrupt(). [any-thread]
    void interrupt(Track track);

private:
    enum class Phase { Closed, Opening, Open, Failed };

    Result<void> launch(Track track);
    void end(Track track);
    Error missingTrack(Track track) const;
    void join();
    void run();
    Result<void> open();
    void findBase();
    bool play();
    Step fill(Track track);
    bool ready(Track track) const;
    Timestamp itemTime(Track track) const;
    void deliver(Track track, Timestamp due);
    bool waitUntil(Timestamp due);
    bool passEnded(const std::array<bool, 2>& active);
    bool beginAgain(Timestamp at);
    bool restart(Timestamp at);
    bool reopen();
    Timestamp passEnd(const std::array<bool, 2>& active) const;
    Timestamp position() const;
    void fail(const Error& error);

    const Options options_;
    const std::string name_;  ///< for messages
    SinkGate<VideoSource::Sink> video_;
    SinkGate<AudioSource::Sink> audio_;
    std::atomic<bool> quit_{false};

    std::mutex ends_;  ///< the two ends belong to two threads: one starts or stops at a time
    std::mutex mutex_;
    std::condition_variable changed_;
    Phase phase_ = Phase::Closed;
    std::array<bool, 2> interrupted_{};
    Error error_;
    VideoSourceFormat format_;
    std::array<bool, 2> has_{};      ///< tracks of the file
    std::array<bool, 2> started_{};  ///< ends
    std::array<unsigned, 2> starts_{};
    WantedAudio wantedAudio_;

    // The thread's own, kept while no end is started.
    Demuxer demuxer_;
    PictureTrack picture_;
    SoundTrack sound_;
    std::array<bool, 2> drained_{};
    std::array<unsigned, 2> seen_{};   ///< starts_ that the thread knows of
    std::array<Timestamp, 2> from_{};  ///< what ends before is not delivered
    std::optional<Timestamp> zero_;    ///< the moment of media time 0; empty: the clock stands
    Timestamp rest_{};                 ///< media time while it stands
    Timestamp base_{};                 ///< the file's own time at its beginning
    Timestamp loopStart_{};            ///< media time at which this pass began
    std::optional<Timestamp> lead_;    ///< how long after the pass its first picture begins
    Timestamp lastPicture_{};          ///< moment of the last delivery
    bool any_ = false;                 ///< something came in this pass
    bool reopened_ = false;            ///< in this pass
    bool atEnd_ = false;
    std::thread thread_;
};

}  // namespace livepusher::capture
