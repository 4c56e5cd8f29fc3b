// SPDX-License-Identifier: MIT
#include "pipeline/status_reporter.hpp"

#include <sys/resource.h>

#include <algorithm>
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

/// Of all targets together: what has left, and how the first that publishes does.
void takeTargets(StatusMeter::Totals& totals, const Targets& targets) {
    totals.publishing = targets.publishing();
    totals.reconnects = targets.reconnects();
    totals.queue = targets.first().queued();
    totals.link = targets.first().link().statistics();
    totals.link.bytesSent = targets.bytesSent();
}

/// What is encoded for those who get the rendition, in place of the push's own.
void takeRendition(StatusMeter::Totals& totals, const RenditionStatus& rendition) {
    const auto& c = *rendition.counters;
    totals.videoFrames = c.frames;
    totals.videoBytes = c.bytes;
    totals.videoDropped += c.left;
    totals.keyInterval = std::chrono::microseconds(c.keyInterval.load());
    totals.encodeLoad = c.encodeLoad;
    totals.width = c.width;
    totals.height = c.height;
    totals.preset = rendition.preset;
}

/// Of one target: what was encoded for all, and how it has left there.
StatusMeter::Totals totalsOf(const TargetPush& target, StatusMeter::Totals totals) {
    totals.publishing = target.link().publishing();
    totals.reconnects = target.link().reconnects();
    totals.queue = target.queued();
    totals.link = target.link().statistics();
    const auto sample = Adaptation::sample({.targetId = {}, .link = totals.link, .queue = totals.queue}, totals.at);
    totals.delay =
        totals.publishing ? std::max(sample.oldest - sample.minRtt, std::chrono::milliseconds(0)) : std::chrono::milliseconds(0);
    totals.skipping = false;
    return totals;
}

}  // namespace

void StatusReporter::restart() {
    push_.renew();
    meter_.restart();
    ofTargets_.clear();
    lastOfTargets_.publish({});
    parts_.renderHooks.restart();
}

StatusMeter::Totals StatusReporter::totals(const Push& push) const {
    const auto settings = parts_.settings.get();
    StatusMeter::Totals t;
    t.at = session::ControlLoop::Clock::now();
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
    takeTargets(t, push.targets());
    return t;
}

void StatusReporter::begin(const Push& push) {
    publish(totals(push), push.targets());
    if (isActive(parts_.phase)) tell();
    const auto interval = std::chrono::milliseconds(std::lround(parts_.settings.get()->properties.netStatusInterval * 1000));
    control_.postAfter(interval, push_.guard([this, &push] { begin(push); }));
}

void StatusReporter::end(StatusMeter::Totals totals, const Push& push) {
    push_.renew();
    totals.at = session::ControlLoop::Clock::now();
    takeTargets(totals, push.targets());
    publish(totals, push.targets());
}

void StatusReporter::publish(const StatusMeter::Totals& totals, const Targets& targets) {
    auto status = meter_.measure(totals);
    status.renderLate = parts_.renderHooks.late();
    last_.publish(std::move(status));
    show();
    std::vector<std::pair<std::string, NetStatus>> each;
    for (const auto& target : targets.all()) {
        auto measured = measure(*target, totals);
        measured.renderLate = status.renderLate;
        each.emplace_back(target->id(), std::move(measured));
    }
    lastOfTargets_.publish(std::move(each));
}

NetStatus StatusReporter::measure(const TargetPush& target, const StatusMeter::Totals& totals) {
    auto& mine = ofTargets_[target.id()];
    const int rendition = target.renditions().current;
    if (std::exchange(mine.rendition, rendition) != rendition) {  // other counters
        mine.meter.restart();
        mine.encoded.reset();
    }
    auto all = totalsOf(target, totals);
    if (rendition == 0) return mine.meter.measure(all);
    // One that has ended has said its last.
    if (const auto* video = parts_.lanes.video())
        if (auto now = video->rendition(rendition)) mine.encoded = std::move(now);
    if (mine.encoded) takeRendition(all, *mine.encoded);
    return mine.encoded ? mine.meter.measure(all) : StatusMeter().measure(all);
}

/// One for all, as always; of several targets also one for each.
void StatusReporter::tell() {
    events_.tell(&Handlers::onNetStatus, NetStatusEvent{last()});
    const auto each = lastOfTargets_.get();
    if (each->size() < 2) return;
    for (const auto& [id, status] : *each) events_.tell(&Handlers::onNetStatus, NetStatusEvent{status, id});
}

std::optional<NetStatus> StatusReporter::last(const std::string& targetId) const {
    const auto each = lastOfTargets_.get();
    const auto found = std::ranges::find(*each, targetId, &std::pair<std::string, NetStatus>::first);
    return found == each->end() ? std::nullopt : std::optional(found->second);
}

}  // namespace livepusher::pipeline
