// SPDX-License-Identifier: MIT
#include "pipeline/video_encoding.hpp"

#include "base/log.hpp"
#include "media/picture_size.hpp"

#include <utility>

namespace livepusher::pipeline {

VideoEncoding::VideoEncoding(std::unique_ptr<encode::VideoEncoder> encoder, encode::PacketSink& packets, LaneObserver& observer,
                             LaneCounters& counters)
    : encoder_(std::move(encoder)), packets_(packets), observer_(observer), counters_(counters) {}

void VideoEncoding::close() {
    if (opened_) encoder_->close();
    opened_.reset();
}

void VideoEncoding::fit(const VideoFrame& frame, const LaneSettings& settings) {
    const auto& r = settings.resolved;
    if (wantedPreset_ != settings.properties.videoPreset) {
        wantedPreset_ = settings.properties.videoPreset;
        load_.begin(wantedPreset_);
    }
    encode::VideoEncoderSettings wanted{.width = frame.width(),
                                        .height = frame.height(),
                                        .fps = r.fps,
                                        .gop = r.gop,
                                        .bitrate = settings.adapted.bitrate,
                                        .lowLatency = r.lowLatency,
                                        .preset = load_.preset(),
                                        .bt709 = frame.bt709};
    if (opened_) {
        auto current = *opened_;
        current.bitrate = wanted.bitrate;  // the one thing that needs no new start
        if (current == wanted) {
            if (opened_->bitrate == wanted.bitrate) return;
            if (auto set = encoder_->setBitrate(wanted.bitrate); !set) return restart(set.error());
            opened_ = wanted;
            return;
        }
        close();
    }
    auto opened = encoder_->open(wanted, *this);
    if (!opened) {
        failed_ = true;
        return observer_.encoderFailed(opened.error());
    }
    opened_ = wanted;
    {
        std::lock_guard lock(messagesMutex_);
        presetInForce_ = wanted.preset;
    }
    observer_.encoderStarted(*opened + ", " + base::sizeText(wanted.width, wanted.height) + ", " + std::to_string(wanted.fps) +
                             " fps, " + std::to_string(wanted.bitrate) + " kbps");
}

bool VideoEncoding::addMessage(std::string text) {
    std::lock_guard lock(messagesMutex_);
    if (messages_.size() == kMaxMessages) return false;
    messages_.push_back(std::move(text));
    return true;
}

void VideoEncoding::encode(const VideoFrame& frame, const LaneSettings& settings) {
    if (failed_) return;
    governs_ = frame.pts;
    fit(frame, settings);
    if (!opened_) return;
    std::vector<std::string> messages;
    {
        std::lock_guard lock(messagesMutex_);
        messages.swap(messages_);
    }
    for (auto& message : messages) encoder_->addMessage(std::move(message));
    const auto begun = std::chrono::steady_clock::now();
    if (auto coded = encoder_->encode(frame, keyWanted_.exchange(false)); !coded) return restart(coded.error());
    keepTime(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun),
             settings.resolved.fps);
}

void VideoEncoding::keepTime(std::chrono::microseconds cost, int fps) {
    const auto change = load_.frame(cost, fps);
    counters_.encodeLoad = load_.percent();
    if (!change) return;
    if (change->less && encoder_->canBeFaster()) {  // the next frame opens it: Code::SwitchedToHardware
        close();
        load_.begin(wantedPreset_);
        return;
    }
    base::log(change->less ? LogLevel::Warning : LogLevel::Info, change->text);
}

std::string VideoEncoding::preset() const {
    std::lock_guard lock(messagesMutex_);
    return presetInForce_;
}

void VideoEncoding::restart(const Error& error) {
    const auto now = std::chrono::steady_clock::now();
    restarts_.push_back(now);
    while (now - restarts_.front() > kRestartWindow) restarts_.pop_front();
    close();
    if (restarts_.size() > kMaxRestarts) {
        failed_ = true;
        observer_.encoderFailed(error);
    } else {
        observer_.encoderRestarted(error);  // the next frame opens it again
    }
}

void VideoEncoding::take(Packet packet) {
    if (packet.kind == Packet::Kind::Config) packet.pts = packet.dts = governs_;
    counters_.count(packet);
    packets_.take(std::move(packet));
}

}  // namespace livepusher::pipeline
