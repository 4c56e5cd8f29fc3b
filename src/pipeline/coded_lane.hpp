// SPDX-License-Identifier: MIT
#pragma once

#include "base/latest.hpp"
#include "capture/source.hpp"
#include "encode/encoder.hpp"
#include "pipeline/lane.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace livepusher::pipeline {

/// In place of the video lane where pictures come coded already: opens and closes their source on a thread of its own, and
/// brings what it gives onto the session's time, from a key frame on. Nothing is decoded: no preview, no effects, no
/// waiting image.
class CodedLane {
public:
    struct Output {
        encode::PacketSink packets;
        std::function<void(std::string)> onOpened;
        std::function<void(Code, std::string)> onSourceCode;
        std::function<void()> onFirstFrame;
        std::function<void()> onEnded;
        std::function<void(Error)> onSourceFailed;
        std::function<void(Error)> onUnusable;  ///< they are not coded as `videoCodec` says, or there is no memory for them
    };

    CodedLane(std::unique_ptr<capture::CodedVideoSource> source, const base::Latest<LaneSettings>& settings, Output output);
    ~CodedLane();  ///< [control]
    CodedLane(const CodedLane&) = delete;
    CodedLane& operator=(const CodedLane&) = delete;

    void beginToEnd();                           ///< the destructor then waits for less, when others end too. [any-thread]
    void abandonSource() { abandoned_ = true; }  ///< it has failed for good: it is not started again. [any-thread]
    void settingsChanged();                      ///< [any-thread]
    Result<void> push(const CodedVideoView& unit) { return source_->push(unit); }  ///< [any-thread]
    const LaneCounters& counters() const { return counters_; }
    int width() const { return width_; }    ///< px, of the last Config. [any-thread]
    int height() const { return height_; }  ///< px, of the last Config. [any-thread]

private:
    void run();
    void followSettings();
    void openSource();
    void closeSource();
    void begin(bool pushing, Timestamp origin);
    void take(Packet packet);
    void takeConfig(Packet packet);
    void send(Packet packet);

    const std::unique_ptr<capture::CodedVideoSource> source_;
    base::Latest<LaneSettings>::Reader settings_;
    const Output output_;
    LaneCounters counters_;
    std::atomic<int> width_{0}, height_{0};
    std::atomic<bool> abandoned_{false};

    std::mutex mutex_;
    std::condition_variable changed_;
    bool stale_ = false, closing_ = false;

    // The lane thread's own:
    bool sourceOpen_ = false, sourceFailed_ = false, pushing_ = false;

    std::mutex takeMutex_;  // of what follows: the source's thread takes packets while the lane's says what they are for
    bool taking_ = false, begun_ = false, seenFrame_ = false, unusable_ = false;
    VideoCodec codec_ = VideoCodec::h264;
    Timestamp origin_{}, lastDts_{};
    std::optional<Packet> config_;  // not sent yet
    std::optional<Packet> inForce_;
    std::optional<Timestamp> lastKey_;

    std::thread thread_;
};

}  // namespace livepusher::pipeline
