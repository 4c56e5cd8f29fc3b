// SPDX-License-Identifier: MIT
#pragma once

#include "base/abandonable_thread.hpp"
#include "encode/encoder.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace livepusher::encode {

struct GuardLimits {
    std::chrono::milliseconds hang{2000};   ///< a call that takes longer, or frames that give no packet for so long
    std::chrono::milliseconds slice{100};   ///< that encode() waits for a frame at most; what comes later comes with the next
    std::chrono::milliseconds ending{300};  ///< that close() waits for a call that is still running
};

/// Runs an encoder on a thread of its own, so that a driver that hangs holds nobody up, and looks at what it puts out: a
/// Config of the size asked for before open() returns, a key frame first, packets that hold pictures. Packets come as ever,
/// on the thread that calls. What breaks one of these rules is an error, and the encoder can't be used from then on.
class GuardedEncoder final : public VideoEncoder {
public:
    explicit GuardedEncoder(std::unique_ptr<VideoEncoder> encoder, GuardLimits limits = {});
    ~GuardedEncoder() override;  ///< a thread that hangs is left alone, with what it uses

    Result<std::string> open(const VideoEncoderSettings& settings, PacketSink& sink) override;
    void addMessage(std::string text) override;
    /// Of a driver that takes longer than a slice, what becomes of a frame is answered with a later one.
    Result<bool> encode(const VideoFrame& frame, bool forceKey) override;
    Result<void> setBitrate(int kbps) override;
    void close() override;

    /// Why it can't be used any more; empty: it can.
    const std::string& broken() const { return broken_; }

private:
    struct Shared;  // with the thread, which may outlive this
    using Clock = std::chrono::steady_clock;

    Error breakDown(std::string why);
    Result<void> deliver();
    std::string wrongWith(const Packet& packet);

    const GuardLimits limits_;
    std::shared_ptr<Shared> shared_;
    VideoEncoderSettings settings_;
    PacketSink* sink_ = nullptr;
    std::string broken_;
    VideoCodec codec_ = VideoCodec::h264;
    bool open_ = false, configSeen_ = false, keySeen_ = false;
    int unanswered_ = 0;                 ///< frames given since the last packet
    Clock::time_point unansweredSince_;  ///< when the first of them was given
    Clock::time_point lastGiven_;        ///< when the last was
    base::AbandonableThread thread_;
};

}  // namespace livepusher::encode
