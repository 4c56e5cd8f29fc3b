// SPDX-License-Identifier: MIT
#include "playback/player_meter.hpp"

#include "playback/quality.hpp"

#include <algorithm>
#include <cmath>

namespace livepusher::playback {
namespace {

int kbps(std::uint64_t bytes, double seconds) {
    return seconds <= 0 ? 0 : static_cast<int>(std::lround(static_cast<double>(bytes) * 8 / 1000 / seconds));
}

int ms(Timestamp time) { return static_cast<int>(std::lround(static_cast<double>(time.count()) / 1000)); }

double rounded(double value) { return std::round(value * 10) / 10; }

}  // namespace

PlayerNetStatus PlayerMeter::measure(const Totals& now) {
    const auto& f = now.figures;
    const auto& buffer = f.buffer;
    const auto before = before_.value_or(now);
    const auto& was = before.figures;
    const double seconds = std::chrono::duration<double>(now.at - before.at).count();
    if (f.stalled > was.stalled || f.sinceStall) stalledAt_ = now.at;
    before_ = now;

    PlayerNetStatus s;
    s.videoBitrate = kbps(buffer.videoBytes - was.buffer.videoBytes, seconds);
    s.audioBitrate = kbps(buffer.audioBytes - was.buffer.audioBytes, seconds);
    s.videoFPS = seconds > 0 ? rounded(static_cast<double>(f.pictures.decoded - was.pictures.decoded) / seconds) : 0;
    s.videoGOP = buffer.gop;
    s.netSpeed = kbps(f.link.bytesReceived - was.link.bytesReceived, seconds);
    s.netJitter = ms(buffer.jitter);
    s.videoWidth = f.pictures.width;
    s.videoHeight = f.pictures.height;
    s.videoCache = ms(buffer.videoSpan);
    s.audioCache = ms(buffer.audioSpan);
    s.vDecCacheSize = static_cast<int>(f.pictures.inside);
    s.vSumCacheSize = static_cast<int>(f.pictures.inside + buffer.pictures + f.waitingToBeShown);
    s.avPlayInterval = ms(f.heardAhead);
    if (buffer.newestAudio && buffer.newestVideo) s.avRecvInterval = ms(*buffer.newestAudio - *buffer.newestVideo);
    s.targetDelay = ms(buffer.target);
    s.audioCacheThreshold = s.targetDelay + 20;
    s.delay = f.sinceBegin ? ms(buffer.delay) : 0;
    s.speed = buffer.speed;
    s.stalls = buffer.stalls;
    s.stalledMs = ms(f.stalled);
    s.skips = buffer.skips;
    s.skippedMs = ms(buffer.skipped);
    s.videoDrop = f.late;
    s.missing = f.pictures.gaps;
    s.reconnects = f.reconnects;
    s.serverIp = f.link.serverIp;
    s.decoder = now.decoder;
    const auto share = [&](std::chrono::microseconds time) {
        return seconds > 0 ? std::chrono::duration<double>(time).count() / seconds * 100 : 0.0;
    };
    s.decodeLoad = static_cast<int>(std::lround(share(f.pictures.busy - was.pictures.busy)));
    s.cpuUsage = rounded(share(now.cpu - before.cpu));
    s.bytesReceived = f.link.bytesReceived;
    s.netQualityLevel = netQualityLevel({.playing = now.playing,
                                         .reconnecting = now.reconnecting,
                                         .sinceBegin = f.sinceBegin,
                                         .sinceStall = stalledAt_ ? std::optional(now.at - *stalledAt_) : std::nullopt,
                                         .speedAtLimit = f.speedAtLimit,
                                         .uneven = f.uneven,
                                         .lateness = buffer.lateness,
                                         .target = buffer.target});
    return s;
}

}  // namespace livepusher::playback
