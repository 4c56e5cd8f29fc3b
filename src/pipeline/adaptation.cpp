// SPDX-License-Identifier: MIT
#include "pipeline/adaptation.hpp"

#include "base/log.hpp"
#include "media/picture_size.hpp"
#include "pipeline/cpu_wait.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 100ms;
constexpr auto kBetweenNotices = 1s;
constexpr auto kStoodStill = 1s;
constexpr auto kSettles = 1s;
constexpr double kWorthTelling = 0.05;

bool isOn(const LaneSettings& settings) {
    using enum livepusher::Adaptation;
    return settings.properties.adaptation == always ||
           (settings.properties.adaptation == rtc && settings.resolved.mode == Mode::RTC);
}

}  // namespace

void Adaptation::configure(const LaneSettings& settings) {
    const auto& r = settings.resolved;
    const bool on = isOn(settings) && tracks_.video;  // sound alone has one bitrate
    limits_ = {.min = on ? r.minBitrate : r.maxBitrate, .max = r.maxBitrate, .audio = tracks_.audio ? r.audioBitrate : 0};
    adaptsSize_ = on && settings.properties.adaptResolution;
    fps_ = r.fps;
    const base::PictureSize full{r.width, r.height};
    ladder_.configure(full, adaptsSize_ ? base::PictureSize{r.minWidth, r.minHeight} : full);
}

Adapted Adaptation::adapted() const { return {decision_.bitrate, ladder_.size().width, ladder_.size().height}; }

Adapted Adaptation::begin(const LaneSettings& settings, Tracks tracks) {
    tracks_ = tracks;
    ladder_ = {};
    configure(settings);
    steering_ = Steering(limits_);
    slow_.restart();
    decision_ = {.bitrate = limits_.max};
    told_ = limits_.max;
    toldAt_.reset();
    running_ = true;
    tickedAt_.reset();
    settledAt_ = {};
    push_.renew();
    schedule();
    return adapted();
}

void Adaptation::end() {
    running_ = false;
    push_.renew();
    ladder_ = {};
    if (std::exchange(decision_.skip, false)) host_.skipPictures(false);
    decision_.delay = {};
}

Adapted Adaptation::follow(const LaneSettings& settings) {
    configure(settings);
    steering_.setLimits(limits_);
    decision_.bitrate = told_ = running_ ? steering_.bitrate() : limits_.max;  // the application knows what it has set
    return adapted();
}

void Adaptation::published(const std::string& targetId) {
    steering_.connected(targetId);
    decision_.bitrate = steering_.bitrate();
    host_.adapt(adapted());
}

void Adaptation::schedule() {
    control_.postAfter(kTick, push_.guard([this] {
        tick();
        schedule();
    }));
}

RateController::Sample Adaptation::sample(const Reading& reading, RateController::Time now) {
    using Duration = RateController::Duration;
    const auto& link = reading.link;
    const auto waiting = std::chrono::duration_cast<Duration>(reading.queue.span);
    std::optional<RateController::Sample::Kernel> kernel;
    if (link.use) kernel = {.unsent = link.bytesUnsent, .oldest = link.oldestTaken, .use = *link.use};
    return {.at = now,
            .acknowledged = link.acknowledged(),
            .outstanding = reading.queue.bytes + link.outstanding(),
            .oldest = link.oldestUnacknowledged + std::max(waiting, Duration(0)),
            .minRtt = Duration(link.minRtt),
            .encoded = reading.videoBytes,
            .kernel = kernel};
}

void Adaptation::tick() {
    const auto readings = host_.readings();
    const auto before = adapted();
    const bool skipped = decision_.skip;
    if (readings.empty()) {  // nothing to go by, and what is encoded now is thrown away when the connection is back
        decision_.skip = false;
        decision_.delay = {};
    } else {
        const auto now = RateController::Clock::now();
        if (settles(now)) return;
        const bool cpuShort = CpuWait::isShortHere(now);
        Steering::Samples samples;
        for (const auto& reading : readings) {
            samples.emplace_back(reading.targetId, sample(reading, now));
            samples.back().second.cpuShort = cpuShort;
        }
        decision_ = steering_.tick(samples);
        if (ladder_.tick(decision_.bitrate, fps_, now))
            events_.code(Code::ResolutionAdapted, "size " + sizeText(ladder_.size()) + " for " +
                                                      std::to_string(decision_.bitrate) + " kbps, was " +
                                                      base::sizeText(before.width, before.height));
        tellBitrate(now);
        if (slow_.tick(decision_.lineDelay, decision_.bitrate <= limits_.min, decision_.skip, now))
            events_.code(Code::UplinkSlow, "uplink too slow: " + std::to_string(decision_.delay.count()) +
                                               " ms of data are queueing at " + std::to_string(decision_.bitrate) + " kbps");
    }
    if (decision_.skip != skipped) host_.skipPictures(decision_.skip);
    if (decision_.bitrate != before.bitrate || decision_.skip != skipped)
        base::log(LogLevel::Debug, "adaptation: delay " + std::to_string(decision_.delay.count()) + " ms, of the line " +
                                       std::to_string(decision_.lineDelay.count()) + " ms, which carries " +
                                       std::to_string(decision_.rate) + " kbps: " + std::to_string(decision_.bitrate) + " kbps" +
                                       (decision_.skip ? ", frames are skipped" : ""));
    if (const auto after = adapted(); after != before) host_.adapt(after);
}

/// True while what is measured is still of a time in which the process stood still: it says nothing of the link.
bool Adaptation::settles(RateController::Time now) {
    const auto before = std::exchange(tickedAt_, now);
    if (before && now - *before > kStoodStill) {
        settledAt_ = now + kSettles;
        steering_.forget();
        slow_.restart();
    }
    return now < settledAt_;
}

void Adaptation::tellBitrate(RateController::Time now) {
    if (std::abs(decision_.bitrate - told_) < kWorthTelling * told_) return;
    if (toldAt_ && now - *toldAt_ < kBetweenNotices) return;
    events_.code(Code::BitrateAdapted,
                 "bitrate " + std::to_string(decision_.bitrate) + " kbps, was " + std::to_string(told_) + " kbps");
    told_ = decision_.bitrate;
    toldAt_ = now;
}

}  // namespace livepusher::pipeline
