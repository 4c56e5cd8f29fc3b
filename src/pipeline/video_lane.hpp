// SPDX-License-Identifier: MIT
#pragma once

#include "base/latest.hpp"
#include "base/queue.hpp"
#include "capture/source.hpp"
#include "effects/effect.hpp"
#include "media/fit.hpp"
#include "pipeline/frame_rate.hpp"
#include "pipeline/message_queue.hpp"
#include "pipeline/picture_lane.hpp"
#include "pipeline/render_hook.hpp"
#include "pipeline/rendition_encodings.hpp"
#include "pipeline/source_phase.hpp"
#include "pipeline/standstill.hpp"
#include "pipeline/video_encoding.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace livepusher::pipeline {

/// Source to coded packets: capture thread -> inbox -> video thread (frame rate, effects, preview, encode).
class VideoLane final : public PictureLane, capture::VideoSource::Sink {
public:
    struct Parts {
        std::unique_ptr<capture::VideoSource> source;
        bool reopens = false;  ///< the source makes pictures to order: a new size or rate means to start it again
        std::unique_ptr<effects::VideoEffect> effects;
        std::unique_ptr<encode::VideoEncoder> encoder;
        RenditionEncodings::MakeEncoder renditionEncoder{};  ///< empty: there are none
        RenderHooks* render = nullptr;                       ///< null: the application has no hand in it
        ShownSink* preview = nullptr;                        ///< null: nobody looks
    };

    VideoLane(Parts parts, const base::Latest<LaneSettings>& settings, encode::PacketSink& packets, LaneObserver& observer);
    ~VideoLane() override;
    VideoLane(const VideoLane&) = delete;
    VideoLane& operator=(const VideoLane&) = delete;

    void settingsChanged() override { inbox_.wake(); }
    void forceKey() override { encoding_.forceKey(); }
    void beginToEnd() override;
    void abandonSource() override { state_.over(SourcePhase::Abandoned); }
    void skip(bool on) override { skip_ = on; }
    const LaneCounters& counters() const override { return counters_; }
    std::uint64_t dropped() const override { return inbox_.dropped() + counters_.dropped; }
    base::PictureSize size(const LaneSettings& settings) const override {
        return {settings.adapted.width, settings.adapted.height};
    }
    using PictureLane::push;
    Result<void> push(const VideoFrameView& frame) override { return parts_.source->push(frame); }

    void request(capture::CameraRequest what);  ///< as VideoSource::request(). [any-thread]
    Shown lastShown() const;                    ///< with an empty frame before the first. [any-thread]
    bool addMessage(std::string text) { return messages_.add(std::move(text)); }  ///< false: too many wait. [any-thread]
    std::string preset() const { return encoding_.preset(); }                     ///< in force. [any-thread]
    std::optional<RenditionStatus> rendition(int number) const { return renditions_.status(number); }  ///< [any-thread]

private:
    /// A frame, and how many cuts came before it: none is lost with a frame that is left out.
    struct Arrived {
        VideoFrame frame;
        unsigned cuts;
    };

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
    void encodeAll(const VideoFrame& timed);
    std::chrono::steady_clock::time_point wakeAt() const;
    capture::WantedVideo wanted() const;
    capture::VideoWishes wishes() const;

    // Of the source: [capture]
    void frame(VideoFrame frame) override { inbox_.push({std::move(frame), cuts_}); }
    void cut() override { ++cuts_; }
    void formatChanged(capture::VideoSourceFormat format) override { format_.publish(std::move(format)); }
    void ended() override;
    void failed(Error why) override { observer_.sourceFailed(std::move(why)); }
    void code(Code code, std::string what) override;

    bool imageStandsIn() const;

    Parts parts_;
    base::Latest<LaneSettings>::Reader settings_;
    LaneObserver& observer_;
    LaneCounters counters_;
    MessageQueue messages_;
    VideoEncoding encoding_;
    RenditionEncodings renditions_;
    base::Queue<Arrived> inbox_{2};
    unsigned cuts_ = 0;  ///< [capture]

    base::Latest<capture::VideoSourceFormat> format_{{}};  // of the source, as it said last

    // The video thread's own:
    FrameRate rate_;
    Standstill standstill_;
    base::Latest<capture::VideoSourceFormat>::Reader knownFormat_{format_};
    capture::WantedVideo opened_;
    capture::VideoWishes wishes_;
    int rateFps_ = 0;
    bool sourceOpen_ = false;
    SourceState state_;
    std::atomic<DevicePosition> position_{DevicePosition::front};  // of the camera that runs
    std::atomic<bool> skip_{false};
    bool seenFrame_ = false;
    unsigned cutsSeen_ = 0;
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
