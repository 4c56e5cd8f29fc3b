// SPDX-License-Identifier: MIT
#include "pipeline/packet_lane.hpp"

#include "base/thread_name.hpp"
#include "pipeline/lane_thread.hpp"

#include <utility>

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
    {
        std::lock_guard lock(mutex_);
        closing_ = true;
    }
    changed_.notify_all();
}

void PacketLane::settingsChanged() {
    {
        std::lock_guard lock(mutex_);
        stale_ = true;
    }
    changed_.notify_all();
}

void PacketLane::run() {
    base::nameThread("video");
    followSettings();
    std::unique_lock lock(mutex_);
    while (!closing_) {
        changed_.wait(lock, [this] { return stale_ || closing_; });
        stale_ = false;
        lock.unlock();
        if (settings_.refresh()) followSettings();
        lock.lock();
    }
    lock.unlock();
    closeSource();
}

void PacketLane::followSettings() {
    if (pushing_ != settings_->encode) {
        pushing_ = settings_->encode;
        begin(pushing_, settings_->origin);
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
        std::unique_lock lock(mutex_);
        const bool closing = closing_;
        lock.unlock();
        if (!closing) observer_.sourceFailed(started.error());
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

void PacketLane::begin(bool pushing, Timestamp origin) {
    std::lock_guard lock(takeMutex_);
    if (phase_ != Phase::Unusable) phase_ = pushing ? Phase::KeyFrameAwaited : Phase::Idle;
    origin_ = origin;
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
    send(std::move(packet));
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

void PacketLane::send(Packet packet) {
    ++counters_.frames;
    if (packet.data) counters_.bytes += packet.data->size();
    if (packet.kind == Packet::Kind::Key) {
        if (lastKey_) counters_.keyInterval = (packet.pts - *lastKey_).count();
        lastKey_ = packet.pts;
    }
    packets_.take(std::move(packet));
}

}  // namespace livepusher::pipeline
