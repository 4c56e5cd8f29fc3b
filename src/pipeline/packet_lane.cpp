// SPDX-License-Identifier: MIT
#include "pipeline/packet_lane.hpp"

#include "base/thread_name.hpp"

namespace livepusher::pipeline {

PacketLane::PacketLane(std::unique_ptr<capture::CodedVideoSource> source, const base::Latest<LaneSettings>& settings,
                       encode::PacketSink& packets, LaneObserver& observer)
    : source_(std::move(source)), settings_(settings), packets_(packets), observer_(observer), thread_([this] {
          runLane([this] { run(); }, [this] { closeSource(); }, observer_);
      }) {}

PacketLane::~PacketLane() {
    beginToEnd();
    thread_.join();
}

void PacketLane::beginToEnd() {
    source_->interrupt();
    closing_ = true;
    changed_.release();
}

void PacketLane::run() {
    base::nameThread("video");
    followSettings();
    for (changed_.acquire(); !closing_; changed_.acquire())
        if (settings_.refresh()) followSettings();
    closeSource();
}

void PacketLane::followSettings() {
    if (pushing_ != settings_->encode) {
        pushing_ = settings_->encode;
        begin(pushing_, *settings_);
    }
    const bool want = settings_->wantsCamera() && !sourceOver_;
    if (sourceOpen_ && !want) closeSource();
    if (!sourceOpen_ && want) openSource();
}

void PacketLane::openSource() {
    {
        std::lock_guard lock(takeMutex_);
        codec_ = settings_->properties.videoCodec;
    }
    auto started = source_->start(*this);
    if (!started) {
        sourceOver_ = true;  // the session decides what that means
        if (!closing_) observer_.sourceFailed(started.error());
        return;
    }
    sourceOpen_ = true;
    observer_.opened(*started);
}

void PacketLane::closeSource() {
    if (!sourceOpen_) return;
    source_->stop();
    sourceOpen_ = false;
    std::lock_guard lock(takeMutex_);
    awaitKeyFrame();  // what comes next may build on pictures that nobody got
}

void PacketLane::awaitKeyFrame() {
    if (phase_ == Phase::Running) phase_ = Phase::KeyFrameAwaited;
}

void PacketLane::begin(bool pushing, const LaneSettings& settings) {
    std::lock_guard lock(takeMutex_);
    if (phase_ != Phase::Unusable) phase_ = pushing ? Phase::KeyFrameAwaited : Phase::Idle;
    origin_ = settings.origin;
    captureOrigin_ = settings.captureOrigin;
    lastDts_ = Timestamp{-1};
    if (!config_) config_ = inForce_;
}

void PacketLane::packet(Packet packet) {
    std::lock_guard lock(takeMutex_);
    if (phase_ == Phase::Unusable) return;
    if (packet.kind == Packet::Kind::Config) return takeConfig(std::move(packet));
    if (!std::exchange(seenFrame_, true)) observer_.firstFrame();
    if (phase_ == Phase::Idle) return;
    packet.pts -= origin_;
    packet.dts -= origin_;
    const bool key = packet.kind == Packet::Kind::Key;
    const bool fits = packet.dts > lastDts_ && packet.dts >= Timestamp::zero();
    if (!fits || (phase_ == Phase::KeyFrameAwaited && !key)) {
        ++counters_.dropped;
        if (!fits) awaitKeyFrame();  // what follows may need it
        return;
    }
    phase_ = Phase::Running;
    lastDts_ = packet.dts;
    if (config_) {
        inForce_ = std::exchange(config_, std::nullopt);
        auto config = *inForce_;
        config.pts = config.dts = packet.dts;
        packets_.take(std::move(config));
    }
    if (captureOrigin_) base::addCaptureTime(packet, codec_, *captureOrigin_ + packet.pts);
    counters_.count(packet);
    packets_.take(std::move(packet));
}

/// What the server was told before the first picture came must be true.
void PacketLane::takeConfig(Packet packet) {
    if (packet.description) {
        width_ = packet.description->width;
        height_ = packet.description->height;
        if (packet.description->videoCodec != codec_) {
            phase_ = Phase::Unusable;
            const bool hevc = packet.description->videoCodec == VideoCodec::hevc;
            return observer_.encoderFailed({Code::InvalidArgument, std::string("the coded pictures are ") +
                                                                       (hevc ? "H.265" : "H.264") +
                                                                       ": set videoCodec=" + (hevc ? "hevc" : "h264")});
        }
    }
    config_ = std::move(packet);
}

}  // namespace livepusher::pipeline
