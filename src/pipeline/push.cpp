// SPDX-License-Identifier: MIT
#include "pipeline/push.hpp"

#include "properties/targets.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

/// What stop() leaves for what is queued; with the joins around it, stop() stays under 1 s.
constexpr auto kDrain = 700ms;
/// What is left for the recording at least.
constexpr auto kLast = 200ms;

}  // namespace

Push::Push(const Stages& stages, session::ControlLoop& control, Events& events, const Properties& properties, Settings settings,
           KeyFrameSource& pictures, PushObserver& observer)
    : observer_(observer),
      file_{.overwrite = properties.overwrite,
            .inputs = settings.outputs.inputs,
            .split = std::chrono::seconds(properties.recordSplit)},
      targets_(stages, control, events, pictures, *this, settings.tracks) {
    const bool video = settings.tracks.video, audio = settings.tracks.audio;
    if (!settings.outputs.recording.empty()) {
        rtmp::PublisherSettings publisher;
        if (audio) publisher.audioCodec = properties.audioCodec;
        if (video) publisher.videoCodec = properties.videoCodec;
        publisher.file = file_;
        recording_ = std::make_unique<Recording>(
            settings.outputs.recording, stages.publisher(base::Url::file(settings.outputs.recording).scheme()),
            std::move(publisher), TargetEvents(events, std::string(properties::kRecordTarget)), targets_.keyFrames());
        auto& queue = recording_->queue();
        queue.expect(video, audio);
        // Where delay counts most, nothing waits for its turn.
        if (video && audio && !resolve(properties).lowLatency) queue.interleave();
    }
    targets_.follow(properties, file_);
}

void Push::published() {
    if (recording_) recording_->begin();
    observer_.published();
}

bool Push::deliver(Packet packet) {
    const bool wanted = targets_.deliver(packet);
    if (recording_ && packet.rendition == 0) recording_->deliver(std::move(packet));
    return wanted;
}

void Push::finish(bool inOrder) {
    const auto until = std::chrono::steady_clock::now() + kDrain;
    targets_.finish(inOrder ? std::chrono::milliseconds(kDrain) : 0ms);
    if (!recording_) return;
    // It has had its time beside the targets'.
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    recording_->finish(std::max<std::chrono::milliseconds>(left, kLast));
}

}  // namespace livepusher::pipeline
