// SPDX-License-Identifier: MIT
#pragma once

#include "base/latest.hpp"
#include "capture/source.hpp"
#include "encode/encoder.hpp"
#include "pipeline/picture_lane.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>

namespace livepusher::pipeline {

/// In place of the video lane where pictures come coded already: opens and closes their source on a thread of its own, and
/// brings what it gives onto the session's time, from a key frame on. Nothing is decoded: no preview, no effects, no
/// waiting image.
class PacketLane final : public PictureLane, capture::CodedVideoSource::Sink {
public:
    PacketLane(std::unique_ptr<capture::CodedVideoSource> source, const base::Latest<LaneSettings>& settings,
               encode::PacketSink& packets, LaneObserver& observer);
    ~PacketLane() override;
    PacketLane(const PacketLane&) = delete;
    PacketLane& operator=(const PacketLane&) = delete;

    void beginToEnd() override;
    void abandonSource() override { sourceOver_ = true; }
    void settingsChanged() override { changed_.release(); }
    const LaneCounters& counters() const override { return counters_; }
    /// Of the last Config.
    base::PictureSize size(const LaneSettings&) const override { return {width_, height_}; }
    using PictureLane::push;
    Result<void> push(const CodedVideoView& unit) override { return source_->push(unit); }

private:
    void run();
    void followSettings();
    void openSource();
    void closeSource();
    void begin(bool pushing, const LaneSettings& settings);
    void awaitKeyFrame();

    // Of the source: [capture]
    void packet(Packet packet) override;
    void ended() override { observer_.ended(); }
    void failed(Error why) override { observer_.sourceFailed(std::move(why)); }
    void code(Code code, std::string what) override { observer_.code(code, std::move(what)); }

    void takeConfig(Packet packet);

    const std::unique_ptr<capture::CodedVideoSource> source_;
    base::Latest<LaneSettings>::Reader settings_;
    encode::PacketSink& packets_;
    LaneObserver& observer_;
    LaneCounters counters_;
    std::atomic<int> width_{0}, height_{0};
    std::atomic<bool> sourceOver_{false};  // it is not opened again

    std::atomic<bool> closing_{false};
    std::counting_semaphore<> changed_{0};  // the settings, or closing_

    // The lane thread's own:
    bool sourceOpen_ = false, pushing_ = false;

    std::mutex takeMutex_;  // of what follows: the source's thread takes packets while the lane's says what they are for
    enum class Phase {
        Idle,             ///< no push is on
        KeyFrameAwaited,  ///< what comes before one is of no use
        Running,
        Unusable,  ///< they are not coded as `videoCodec` says
    };
    Phase phase_ = Phase::Idle;
    bool seenFrame_ = false;
    VideoCodec codec_ = VideoCodec::h264;
    Timestamp origin_{}, lastDts_{};
    std::optional<base::UtcTime> captureOrigin_;
    std::optional<Packet> config_;  // not sent yet
    std::optional<Packet> inForce_;

    std::thread thread_;
};

}  // namespace livepusher::pipeline
