// SPDX-License-Identifier: MIT
#include "pipeline/status_totals.hpp"

namespace livepusher::pipeline {

StatusMeter::Totals totals(const Push& push, const Lanes& lanes, const LaneSettings& settings, const Adaptation& adaptation) {
    StatusMeter::Totals t;
    t.at = ControlLoop::Clock::now();
    t.limits = settings.resolved;
    t.bitrate = settings.adapted.bitrate;
    t.delay = adaptation.delay();
    t.skipping = adaptation.skipping();
    t.cpu = processCpu();
    if (const auto* picture = lanes.picture()) {
        const auto& c = picture->counters();
        t.videoFrames = c.frames;
        t.videoBytes = c.bytes;
        t.videoDropped = picture->dropped();
        t.keyInterval = std::chrono::microseconds(c.keyInterval.load());
        t.encodeLoad = c.encodeLoad;
        const auto size = picture->size(settings);
        t.width = size.width;
        t.height = size.height;
    }
    if (const auto* video = lanes.video()) t.preset = video->preset();
    if (const auto* audio = lanes.audio()) {
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

}  // namespace livepusher::pipeline
