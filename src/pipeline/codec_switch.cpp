// SPDX-License-Identifier: MIT
#include "pipeline/codec_switch.hpp"

#include "media/picture_size.hpp"

#include <string>

namespace livepusher::pipeline {

Result<std::string> CodecSwitch::open(const encode::VideoEncoderSettings& settings, encode::PacketSink& sink) {
    if (isDue()) exchange();
    settings_ = settings;
    sink_ = &sink;
    return encoder_->open(settings, sink);
}

Result<bool> CodecSwitch::encode(const VideoFrame& frame, bool forceKey) {
    if (isDue()) {
        encoder_->close();
        exchange();
        const auto opened = encoder_->open(settings_, *sink_);
        if (!opened) return opened.error();
        choice_.onCode(Code::EncoderStarted, *opened + ", " + base::sizeText(settings_.width, settings_.height) + ", " +
                                                 std::to_string(settings_.fps) + " fps, " + std::to_string(settings_.bitrate) +
                                                 " kbps");
    }
    return encoder_->encode(frame, forceKey);
}

Result<void> CodecSwitch::setBitrate(int kbps) {
    settings_.bitrate = kbps;
    return encoder_->setBitrate(kbps);
}

void CodecSwitch::exchange() {
    choice_.codec = VideoCodec::h264;
    encoder_ = make_(choice_);
}

}  // namespace livepusher::pipeline
