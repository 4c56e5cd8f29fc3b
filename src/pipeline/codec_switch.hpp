// SPDX-License-Identifier: MIT
#pragma once

#include "encode/encoder.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

namespace livepusher::pipeline {

/// An encoder that goes over to H.264 while it runs, when a server takes nothing else.
class CodecSwitch final : public encode::VideoEncoder {
public:
    using Make = std::function<std::unique_ptr<encode::VideoEncoder>(encode::VideoEncoderChoice)>;

    /// `toH264`: whether to; true stays true. It outlives this.
    CodecSwitch(Make make, encode::VideoEncoderChoice choice, const std::atomic<bool>& toH264)
        : make_(std::move(make)), choice_(std::move(choice)), toH264_(toH264), encoder_(make_(choice_)) {}

    Result<std::string> open(const encode::VideoEncoderSettings& settings, encode::PacketSink& sink) override;
    void addMessage(std::string text) override { encoder_->addMessage(std::move(text)); }
    Result<bool> encode(const VideoFrame& frame, bool forceKey) override;
    Result<void> setBitrate(int kbps) override;
    void close() override { encoder_->close(); }
    bool canBeFaster() override { return encoder_->canBeFaster(); }

private:
    bool isDue() const { return toH264_ && choice_.codec != VideoCodec::h264; }
    void exchange();

    const Make make_;
    encode::VideoEncoderChoice choice_;
    const std::atomic<bool>& toH264_;
    std::unique_ptr<encode::VideoEncoder> encoder_;
    encode::VideoEncoderSettings settings_;  // as it was opened, with the bitrate in force
    encode::PacketSink* sink_ = nullptr;
};

}  // namespace livepusher::pipeline
