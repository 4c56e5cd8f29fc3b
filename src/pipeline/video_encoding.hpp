// SPDX-License-Identifier: MIT
#pragma once

#include "encode/encoder.hpp"
#include "pipeline/encoder_load.hpp"
#include "pipeline/lane.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace livepusher::pipeline {

/// Keeps one encoder fitting to what is wanted: opens it at the first frame, reopens it when that asks for it, restarts it when
/// a frame fails. Belongs to the thread that encodes.
class VideoEncoding final : encode::PacketSink {
public:
    /// Where key frames are.
    enum class Keys {
        Own,    ///< where the encoder has them, and where it has to begin again
        Given,  ///< only where a Job says so: it begins there, and begins again there where that can wait
    };
    VideoEncoding(std::unique_ptr<encode::VideoEncoder> encoder, encode::PacketSink& packets, LaneObserver& observer,
                  LaneCounters& counters, Keys keys = Keys::Own);

    /// What goes with a frame.
    struct Job {
        bool key = false;
        std::vector<std::string> messages{};  ///< as VideoEncoder::addMessage()
        /// UTC of time 0: its key frames carry when they were captured. One through a whole push.
        std::optional<base::UtcTime> captureOrigin{};
    };
    /// The frame's pts is since the session began and above the one before. `wanted`: with the preset that was asked for; a
    /// faster one is taken where the time is short. True: it becomes a key frame.
    bool encode(const VideoFrame& frame, encode::VideoEncoderSettings wanted, Job job);
    void forceKey() { keyWanted_ = true; }  ///< [any-thread]
    void close();
    std::string preset() const;  ///< in force: as asked for, or a faster one; empty before the first frame. [any-thread]

private:
    bool fit(encode::VideoEncoderSettings wanted, bool key);
    void keepTime(std::chrono::microseconds cost, int fps);
    void restart(const Error& error);
    void take(Packet packet) override;

    static constexpr std::size_t kMaxRestarts = 3;
    static constexpr std::chrono::seconds kRestartWindow{10};

    const std::unique_ptr<encode::VideoEncoder> encoder_;
    encode::PacketSink& packets_;
    LaneObserver& observer_;
    LaneCounters& counters_;
    const Keys keys_;
    EncoderLoad load_;
    std::string wantedPreset_;
    std::atomic<bool> keyWanted_{false};
    mutable std::mutex presetMutex_;
    std::string presetInForce_;
    std::vector<std::string> messages_;                   // of frames that did not come about
    std::optional<encode::VideoEncoderSettings> opened_;  // as open() was told; bitrate follows
    std::deque<std::chrono::steady_clock::time_point> restarts_;
    std::optional<base::UtcTime> captureOrigin_;  // as the last Job says
    VideoCodec codec_ = VideoCodec::h264;         // of the last Config
    Timestamp governs_{};                         // of the frame being encoded: what a Config packet before it carries
    bool begun_ = false;                          // it has been given a frame since it was opened
    bool closes_ = false;                         // before the next key frame
    bool failed_ = false;
};

}  // namespace livepusher::pipeline
