// SPDX-License-Identifier: MIT
#include "pipeline/status_reporter.hpp"

#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <utility>

namespace livepusher::pipeline {

namespace {

/// CPU time of this process so far.
std::chrono::microseconds processCpu() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto time = [](const timeval& t) { return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec); };
    return time(usage.ru_utime) + time(usage.ru_stime);
}

}  // namespace

void StatusReporter::restart() {
    push_.renew();
    meter_.restart();
    parts_.renderHooks.restart();
}

StatusMeter::Totals StatusReporter::totals(const Push& push) const {
    const auto settings = parts_.settings.get();
    StatusMeter::Totals t;
    t.at = ControlLoop::Clock::now();
    t.limits = settings->resolved;
    t.bitrate = settings->adapted.bitrate;
    t.delay = parts_.adaptation.delay();
    t.skipping = parts_.adaptation.skipping();
    t.cpu = processCpu();
    if (const auto* picture = parts_.lanes.picture()) {
        const auto& c = picture->counters();
        t.videoFrames = c.frames;
        t.videoBytes = c.bytes;
        t.videoDropped = picture->dropped();
        t.keyInterval = std::chrono::microseconds(c.keyInterval.load());
        t.encodeLoad = c.encodeLoad;
        const auto size = picture->size(*settings);
        t.width = size.width;
        t.height = size.height;
    }
    if (const auto* video = parts_.lanes.video()) t.preset = video->preset();
    if (const auto* audio = parts_.lanes.audio()) {
        t.audioFrames = audio->counters().frames;
        t.audioBytes = audio->counters().bytes;
        t.audioDropped = audio->dropped();
    }
    t.publishing = push.link().publishing();
    t.reconnects = push.link().reconnects();
    t.queue = push.queued();
    t.link = push.link().statistics();
    return t;
}

void StatusReporter::begin(const Push& push) {
    publish(totals(push));
    if (isActive(parts_.phase)) events_.tell(&Handlers::onNetStatus, NetStatusEvent{last()});
    const auto interval = std::chrono::milliseconds(std::lround(parts_.settings.get()->properties.netStatusInterval * 1000));
    control_.postAfter(interval, push_.guard([this, &push] { begin(push); }));
}

void StatusReporter::end(StatusMeter::Totals totals, const Push& push) {
    push_.renew();
    totals.at = ControlLoop::Clock::now();
    totals.queue = push.queued();
    totals.link = push.link().statistics();
    publish(totals);
}

void StatusReporter::publish(const StatusMeter::Totals& totals) {
    auto status = meter_.measure(totals);
    status.renderLate = parts_.renderHooks.late();
    last_.publish(std::move(status));
    show();
}

}  // namespace livepusher::pipeline
