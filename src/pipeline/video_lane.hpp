// SPDX-License-Identifier: MIT
#pragma once

#include "base/latest.hpp"
#include "base/queue.hpp"
#include "capture/source.hpp"
#include "effects/effect.hpp"
#include "media/fit.hpp"
#include "pipeline/frame_rate.hpp"
#include "pipeline/lane.hpp"
#include "pipeline/standstill.hpp"
#include "pipeline/video_encoding.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace livepusher::pipeline {

/// Source to coded packets: capture thread -> inbox -> video thread (frame rate, effects, preview, encode).
class VideoLane {
public:
    /// May put another frame in the given one's place; may take `budget` and little more.
    using Render = std::function<void(VideoFrame&, std::chrono::steady_clock::duration budget)>;
    struct Output {
        encode::PacketSink packets;
        std::function<void(const Shown&)> preview;  ///< may be empty; must not block
        Render onCaptured;                          ///< may be empty
        Render onBeforeEncode;                      ///< may be empty
        std::function<void(capture::VideoSourceFormat)> onOpened;
        std::function<void(Code, std::string)> onSourceCode;  ///< as SourceEvents::onCode
        std::function<void()> onFirstFrame;
        std::function<void()> onEnded;
        std::function<void(Error)> onSourceFailed;
        std::function<void(std::string)> onEncoderStarted;
        std::function<void(Error)> onEncoderRestarted;
        std::function<void(Error)> onEncoderFailed;
    };

    /// `reopens`: the source makes pictures to order, so that a new size or rate means to start it again.
    VideoLane(std::unique_ptr<capture::VideoSource> source, bool reopens, std::unique_ptr<effects::VideoEffect> effects,
              std::unique_ptr<encode::VideoEncoder> encoder, const base::Latest<LaneSettings>& settings, Output output);
    ~VideoLane();  ///< drains the encoder into the sink. [control]
    VideoLane(const VideoLane&) = delete;
    VideoLane& operator=(const VideoLane&) = delete;

    void settingsChanged() { inbox_.wake(); }    ///< [any-thread]
    void forceKey() { encoding_.forceKey(); }    ///< [any-thread]
    void beginToEnd();                           ///< the destructor then waits for less, when others end too. [any-thread]
    void abandonSource() { abandoned_ = true; }  ///< it has failed for good: it is not started again. [any-thread]
    void skip(bool on) { skip_ = on; }           ///< pictures are left out before the encoder. [any-thread]
    void request(capture::CameraRequest what);   ///< as VideoSource::request(). [any-thread]
    Shown lastShown() const;                     ///< with an empty frame before the first. [any-thread]
    bool addMessage(std::string text) { return encoding_.addMessage(std::move(text)); }  ///< [any-thread]
    Result<void> push(const VideoFrameView& frame) { return source_->push(frame); }      ///< [any-thread]
    std::string preset() const { return encoding_.preset(); }                            ///< in force. [any-thread]
    const LaneCounters& counters() const { return counters_; }
    std::uint64_t dropped() const { return inbox_.dropped() + counters_.dropped; }

private:
    void run();
    void followSettings();
    void followRate();
    void openSource();
    void closeSource();
    void takeFrame(VideoFrame frame);
    Timestamp timeOf(Timestamp pts);
    void repeatStill();
    void show(VideoFrame frame, Timestamp pts, bool live);
    VideoFrame renderedAndFitted(VideoFrame frame);
    VideoFrame whole(VideoFrame still, base::PictureSize target);
    void encode(const VideoFrame& frame, Timestamp pts);
    std::chrono::steady_clock::time_point wakeAt() const;
    capture::WantedVideo wanted() const;
    capture::VideoWishes wishes() const;
    void takeCode(Code code, std::string message);
    bool imageStandsIn() const;

    const std::unique_ptr<capture::VideoSource> source_;
    const bool reopens_;
    const std::unique_ptr<effects::VideoEffect> effects_;
    base::Latest<LaneSettings>::Reader settings_;
    const Output output_;
    LaneCounters counters_;
    VideoEncoding encoding_;
    base::Queue<VideoFrame> inbox_{2};

    base::Latest<capture::VideoSourceFormat> format_{{}};  // of the source, as it said last

    // The video thread's own:
    FrameRate rate_;
    Standstill standstill_;
    base::Latest<capture::VideoSourceFormat>::Reader knownFormat_{format_};
    capture::WantedVideo opened_;
    capture::VideoWishes wishes_;
    int rateFps_ = 0;
    bool sourceOpen_ = false;
    bool sourceFailed_ = false;
    std::atomic<bool> ended_{false};
    std::atomic<bool> abandoned_{false};
    std::atomic<bool> sourceGone_{false};  // and looked for
    std::atomic<bool> screenGone_{false};
    std::atomic<bool> sourceAwaited_{false};                       // it has not been there yet
    std::atomic<DevicePosition> position_{DevicePosition::front};  // of the camera that runs
    std::atomic<bool> skip_{false};
    bool seenFrame_ = false;
    bool pushing_ = false;
    Shown last_;
    base::FitMemory fitMemory_;
    VideoFrame image_, fittedImage_;  // the waiting image as it is and as it is shown
    Timestamp lastPts_{};             // session time of the last frame encoded
    Timestamp lastShownAt_{};         // when the last frame, live or still, came by
    bool still_ = false;              // the last one was a repeat
    bool stoodIn_ = false;            // a still one was sent, and nothing of a later time since

    mutable std::mutex lastMutex_;
    Shown shared_;  // last_, for lastShown()

    std::thread thread_;
};

}  // namespace livepusher::pipeline
