// SPDX-License-Identifier: MIT
#include "pipeline/video_encoding.hpp"

#include "base/log.hpp"
#include "media/picture_size.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace livepusher::pipeline {

VideoEncoding::VideoEncoding(std::unique_ptr<encode::VideoEncoder> encoder, encode::PacketSink& packets, LaneObserver& observer,
                             LaneCounters& counters, Keys keys)
    : encoder_(std::move(encoder)), packets_(packets), observer_(observer), counters_(counters), keys_(keys) {}

void VideoEncoding::close() {
    if (opened_) encoder_->close();
    opened_.reset();
    begun_ = closes_ = false;
}

/// False: it can't have this frame.
bool VideoEncoding::fit(encode::VideoEncoderSettings wanted, bool key) {
    if (wantedPreset_ != wanted.preset) {
        wantedPreset_ = wanted.preset;
        load_.begin(wantedPreset_);
    }
    wanted.preset = load_.preset();
    if (closes_ && key) close();
    if (opened_) {
        auto current = *opened_;
        current.bitrate = wanted.bitrate;  // the one thing that needs no new start
        const bool sameFrames = current.width == wanted.width && current.height == wanted.height && current.bt709 == wanted.bt709;
        if (current == wanted || (keys_ == Keys::Given && begun_ && !key && sameFrames)) {
            if (opened_->bitrate == wanted.bitrate) return true;
            if (auto set = encoder_->setBitrate(wanted.bitrate); !set) return restart(set.error()), false;
            opened_ = current;
            return true;
        }
        close();
    }
    auto opened = encoder_->open(wanted, *this);
    if (!opened) {
        failed_ = true;
        return observer_.encoderFailed(opened.error()), false;
    }
    opened_ = wanted;
    {
        std::lock_guard lock(presetMutex_);
        presetInForce_ = wanted.preset;
    }
    observer_.encoderStarted(*opened + ", " + base::sizeText(wanted.width, wanted.height) + ", " + std::to_string(wanted.fps) +
                             " fps, " + std::to_string(wanted.bitrate) + " kbps");
    return true;
}

bool VideoEncoding::encode(const VideoFrame& frame, encode::VideoEncoderSettings wanted, Job job) {
    if (failed_) return false;
    governs_ = frame.pts;
    captureOrigin_ = job.captureOrigin;
    const int fps = wanted.fps;
    std::ranges::move(job.messages, std::back_inserter(messages_));
    if (!fit(std::move(wanted), job.key)) return false;
    if (keys_ == Keys::Given && !begun_ && !job.key) return false;
    for (auto& message : std::exchange(messages_, {})) encoder_->addMessage(std::move(message));
    begun_ = true;
    const auto begun = std::chrono::steady_clock::now();
    const bool forced = keyWanted_.exchange(false);
    const auto coded = encoder_->encode(frame, forced || job.key);
    if (!coded) return restart(coded.error()), false;
    keepTime(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun), fps);
    return *coded;
}

void VideoEncoding::keepTime(std::chrono::microseconds cost, int fps) {
    const auto change = load_.frame(cost, fps);
    counters_.encodeLoad = load_.percent();
    if (!change) return;
    if (change->less && encoder_->canBeFaster()) {  // the next frame opens it: Code::SwitchedToHardware
        load_.begin(wantedPreset_);
        if (keys_ == Keys::Given)
            closes_ = true;
        else
            close();
        return;
    }
    base::log(change->less ? LogLevel::Warning : LogLevel::Info, change->text);
}

std::string VideoEncoding::preset() const {
    std::lock_guard lock(presetMutex_);
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
    if (packet.kind == Packet::Kind::Config) {
        packet.pts = packet.dts = governs_;
        if (packet.description) codec_ = packet.description->videoCodec;
    } else if (captureOrigin_) {
        base::addCaptureTime(packet, codec_, *captureOrigin_ + packet.pts);
    }
    counters_.count(packet);
    packets_.take(std::move(packet));
}

}  // namespace livepusher::pipeline
