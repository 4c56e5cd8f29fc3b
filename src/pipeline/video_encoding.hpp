// SPDX-License-Identifier: MIT
#pragma once

#include "encode/encoder.hpp"
#include "pipeline/encoder_load.hpp"
#include "pipeline/lane.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace livepusher::pipeline {

/// Keeps one encoder fitting to the settings: opens it at the first frame, reopens it when a property
/// asks for that, restarts it when a frame fails. Belongs to the video thread.
class VideoEncoding final : encode::PacketSink {
public:
    VideoEncoding(std::unique_ptr<encode::VideoEncoder> encoder, encode::PacketSink& packets, LaneObserver& observer,
                  LaneCounters& counters);

    /// The frame's pts is since the session began and above the one before.
    void encode(const VideoFrame& frame, const LaneSettings& settings);
    void forceKey() { keyWanted_ = true; }  ///< [any-thread]
    /// A text for the next frame. False when kMaxMessages are waiting. [any-thread]
    bool addMessage(std::string text);
    void close();
    std::string preset() const;  ///< in force: as asked for, or a faster one; empty before the first frame. [any-thread]

private:
    void fit(const VideoFrame& frame, const LaneSettings& settings);
    void keepTime(std::chrono::microseconds cost, int fps);
    void restart(const Error& error);
    void take(Packet packet) override;

    static constexpr std::size_t kMaxMessages = 32;
    static constexpr std::size_t kMaxRestarts = 3;
    static constexpr std::chrono::seconds kRestartWindow{10};

    const std::unique_ptr<encode::VideoEncoder> encoder_;
    encode::PacketSink& packets_;
    LaneObserver& observer_;
    LaneCounters& counters_;
    EncoderLoad load_;
    std::string wantedPreset_;
    std::atomic<bool> keyWanted_{false};
    mutable std::mutex messagesMutex_;  // and of presetInForce_
    std::string presetInForce_;
    std::vector<std::string> messages_;
    std::optional<encode::VideoEncoderSettings> opened_;  // as open() was told; bitrate follows
    std::deque<std::chrono::steady_clock::time_point> restarts_;
    Timestamp governs_{};  // of the frame being encoded: what a Config packet before it carries
    bool failed_ = false;
};

}  // namespace livepusher::pipeline
