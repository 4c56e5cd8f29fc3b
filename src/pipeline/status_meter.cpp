// SPDX-License-Identifier: MIT
#include "pipeline/status_meter.hpp"

#include <cmath>

namespace livepusher::pipeline {

namespace {

int kbps(std::uint64_t bytes, double seconds) {
    return seconds <= 0 ? 0 : static_cast<int>(std::lround(static_cast<double>(bytes) * 8 / 1000 / seconds));
}

}  // namespace

NetStatus StatusMeter::measure(const Totals& now) {
    NetStatus s;
    const auto before = before_.value_or(now);
    const double seconds = std::chrono::duration<double>(now.at - before.at).count();
    const bool dropping = now.videoDropped + now.queue.droppedVideo > before.videoDropped + before.queue.droppedVideo;
    before_ = now;

    s.videoBitrate = kbps(now.videoBytes - before.videoBytes, seconds);
    s.audioBitrate = kbps(now.audioBytes - before.audioBytes, seconds);
    s.videoFPS = seconds > 0 ? std::round(static_cast<double>(now.videoFrames - before.videoFrames) / seconds * 10) / 10 : 0;
    s.videoGOP = std::chrono::duration<double>(now.keyInterval).count();
    s.netSpeed = kbps(now.link.bytesSent - before.link.bytesSent, seconds);
    s.netJitter = now.link.jitter;
    s.videoWidth = now.width;
    s.videoHeight = now.height;
    s.videoCache = now.queue.video;
    s.audioCache = now.queue.audio;
    s.videoDrop = now.videoDropped + now.queue.droppedVideo;
    s.audioDrop = now.audioDropped + now.queue.droppedAudio;
    s.serverIp = now.link.serverIp;
    s.cpuUsage = seconds > 0 ? std::round(std::chrono::duration<double>(now.cpu - before.cpu).count() / seconds * 1000) / 10 : 0;
    s.rtt = now.link.rtt;
    s.reconnects = now.reconnects;
    s.bytesSent = now.link.bytesSent;
    s.videoFrames = now.videoFrames;
    s.audioFrames = now.audioFrames;
    s.encodeLoad = now.encodeLoad;
    s.videoPreset = now.preset;

    s.queueDelay = static_cast<int>(now.delay.count());
    silentFor_ = now.link.acknowledged() == before.link.acknowledged() ? silentFor_ + seconds : 0;
    s.netQualityLevel = quality(s, now, dropping, seconds);
    return s;
}

/// The documented table: docs/netstatus.md.
int StatusMeter::quality(const NetStatus& s, const Totals& now, bool dropping, double seconds) const {
    if (!now.publishing) return now.reconnects > 0 || now.link.bytesSent > 0 ? 6 : 0;
    if (seconds <= 0) return 0;
    if (silentFor_ >= 2) return 6;
    if (dropping || now.skipping || s.queueDelay >= 800) return 5;
    const bool adapts = now.limits.minBitrate < now.limits.maxBitrate;
    if (s.queueDelay >= 400 || (adapts && now.bitrate <= now.limits.minBitrate * 11 / 10)) return 4;
    if (s.queueDelay >= 200 || (adapts && now.bitrate < now.limits.maxBitrate)) return 3;
    return s.queueDelay >= 100 ? 2 : 1;
}

}  // namespace livepusher::pipeline
