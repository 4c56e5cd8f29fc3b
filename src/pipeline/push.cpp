// SPDX-License-Identifier: MIT
#include "pipeline/push.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "properties/network.hpp"

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

/// What stop() leaves for what is queued; with the joins around it, stop() stays under 1 s.
constexpr auto kDrain = 700ms;
/// What is left for the recording at least.
constexpr auto kLast = 200ms;

}  // namespace

Push::Push(const Stages& stages, ControlLoop& control, Events& events, const Properties& properties, Settings settings,
           KeyFrameSource& pictures, PublishingObserver& observer)
    : observer_(observer), queue_(2s) {
    rtmp::PublisherSettings publisher;
    publisher.network = properties::networkOf(properties);
    publisher.enhancedRtmp = properties.enhancedRtmp;
    if (settings.audio) publisher.audioCodec = properties.audioCodec;
    if (settings.video) publisher.videoCodec = properties.videoCodec;
    publisher.file = {.overwrite = properties.overwrite,
                      .inputs = settings.outputs.inputs,
                      .split = std::chrono::seconds(properties.recordSplit),
                      .told = [&events](Code code, std::string what) { events.code(code, std::move(what)); }};
    if (!settings.outputs.recording.empty()) {
        recording_ = std::make_unique<Recording>(settings.outputs.recording,
                                                 stages.publisher(base::Url::file(settings.outputs.recording).scheme()),
                                                 publisher, events, pictures);
    }
    // Where delay counts most, nothing waits for its turn.
    const bool ordered = settings.video && settings.audio && !resolve(properties).lowLatency;
    for (auto* queue : {&queue_, recording_ ? &recording_->queue() : nullptr}) {
        if (!queue) continue;
        queue->expect(settings.video, settings.audio);
        if (ordered) queue->interleave();
    }
    queue_.awaitSources();
    link_ = std::make_unique<Link>(stages.publisher, std::move(settings.url), publisher,
                                   *base::ReconnectSpec::parse(properties.reconnect), queue_, control, events, pictures, *this);
}

void Push::published() {
    everPublished_ = true;
    if (recording_) recording_->begin();
    observer_.published();
}

bool Push::deliver(Packet packet) {
    if (recording_) recording_->deliver(packet);
    return queue_.push(std::move(packet));
}

void Push::finish(bool inOrder) {
    queue_.finish();
    const auto until = std::chrono::steady_clock::now() + kDrain;
    link_->drain(inOrder ? std::chrono::milliseconds(kDrain) : 0ms);
    if (!recording_) return;
    // It has had its time beside the link's.
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    recording_->finish(std::max<std::chrono::milliseconds>(left, kLast));
}

}  // namespace livepusher::pipeline
