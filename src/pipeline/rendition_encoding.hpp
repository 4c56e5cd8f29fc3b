// SPDX-License-Identifier: MIT
#pragma once

#include "encode/encoder.hpp"
#include "media/fit.hpp"
#include "pipeline/lane.hpp"
#include "pipeline/video_encoding.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace livepusher::pipeline {

/// Figures of a rendition, written by its thread, read by any.
struct RenditionCounters : LaneCounters {
    std::atomic<int> width{0}, height{0};  ///< px, as encoded
    std::atomic<std::uint64_t> left{0};    ///< pictures that it had no time for
};

/// Scales and encodes a push's pictures once more, on a thread of its own: neither it nor the opening of its encoder holds the
/// push's own picture up. Its key frames are where that has them, and it begins with one. Belongs to the video thread.
class RenditionEncoding final : encode::PacketSink, LaneObserver {
public:
    /// `packets` and `observer` are called on its thread. Throws where there is no thread.
    RenditionEncoding(NumberedRendition rendition, std::unique_ptr<encode::VideoEncoder> encoder, encode::PacketSink& packets,
                      LaneObserver& observer);
    ~RenditionEncoding();  ///< what it still holds comes out first, of what waits as much as it has time for
    RenditionEncoding(const RenditionEncoding&) = delete;
    RenditionEncoding& operator=(const RenditionEncoding&) = delete;

    const NumberedRendition& rendition() const { return rendition_; }
    /// The push's picture, which becomes a `key` frame there. Where it is too slow a picture is left out, but for key frames.
    void give(const VideoFrame& frame, const LaneSettings& settings, VideoEncoding::Job job);
    /// What comes from here on is behind a hole in time: what the encoder holds comes out first.
    void cut() { cut_ = true; }
    void beginToEnd();                   ///< the destructor then waits for less, when others end too
    void leave();                        ///< what waits is not encoded any more; then over() comes by itself
    bool over() const { return over_; }  ///< nothing more comes out
    std::shared_ptr<const RenditionCounters> counters() const { return counters_; }
    std::string preset() const { return encoding_.preset(); }  ///< as VideoEncoding::preset(). [any-thread]

private:
    struct Item {
        VideoFrame frame;
        encode::VideoEncoderSettings wanted;  // of a size for a picture as large as the push's
        VideoFit fit = VideoFit::fillCrop;
        bool cut = false;
        VideoEncoding::Job job;
    };

    bool takes(Timestamp pts, int sourceFps, bool key);
    void run();
    void encode(Item item);
    bool next(Item& item);

    // Of the encoding: [rendition]
    void take(Packet packet) override;
    void encoderStarted(std::string what) override;
    void encoderRestarted(Error why) override;
    void encoderFailed(Error why) override;

    static constexpr std::size_t kInbox = 6;

    const NumberedRendition rendition_;
    encode::PacketSink& packets_;
    LaneObserver& observer_;
    const std::shared_ptr<RenditionCounters> counters_ = std::make_shared<RenditionCounters>();

    // The video thread's:
    bool cut_ = false, seen_ = false;
    Timestamp due_{};
    std::vector<std::string> carried_;  // messages of pictures that were left out

    std::mutex mutex_;  // of the inbox
    std::condition_variable given_;
    std::deque<Item> inbox_;
    bool ending_ = false;
    std::chrono::steady_clock::time_point endBy_{};

    std::atomic<bool> over_{false};
    base::FitMemory memory_;
    VideoEncoding encoding_;
    std::thread thread_;
};

}  // namespace livepusher::pipeline
