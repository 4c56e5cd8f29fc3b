// SPDX-License-Identifier: MIT
#include "pipeline/status_totals.hpp"

namespace livepusher::pipeline {

StatusMeter::Totals totals(const Push& push, const VideoLane* video, const AudioLane* audio, const Orders& orders,
                           const Adaptation& adaptation) {
    StatusMeter::Totals t;
    t.at = ControlLoop::Clock::now();
    t.limits = orders.resolved;
    t.bitrate = orders.adapted.bitrate;
    t.delay = adaptation.delay();
    t.skipping = adaptation.skipping();
    t.cpu = processCpu();
    if (video) {
        const auto& c = video->counters();
        t.videoFrames = c.frames;
        t.videoBytes = c.bytes;
        t.videoDropped = video->dropped();
        t.keyInterval = std::chrono::microseconds(c.keyInterval.load());
        t.width = orders.adapted.width;
        t.height = orders.adapted.height;
    }
    if (audio) {
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
