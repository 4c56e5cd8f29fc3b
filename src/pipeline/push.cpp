// SPDX-License-Identifier: MIT
#include "pipeline/push.hpp"

#include <utility>

#include "base/place.hpp"

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

/// What stop() leaves for what is queued; with the joins around it, stop() stays under 1 s.
constexpr auto kDrain = 700ms;

}  // namespace

Push::Push(const Stages& stages, ControlLoop& control, Events& events, const Properties& properties, Settings settings,
           Output output)
    : queue_(2s), recordQueue_(Timestamp::zero()) {
    // Where delay counts most, nothing waits for its turn.
    const bool ordered = settings.video && settings.audio && !resolve(properties).lowLatency;
    for (auto* queue : {&queue_, &recordQueue_}) {
        queue->expect(settings.video, settings.audio);
        if (ordered) queue->interleave();
    }
    queue_.awaitSources();
    rtmp::PublisherSettings publisher;
    publisher.caFile = properties.caFile;
    publisher.proxy = properties.proxy;
    publisher.networkInterface = properties.networkInterface;
    publisher.enhancedRtmp = properties.enhancedRtmp;
    if (settings.audio) publisher.audioCodec = properties.audioCodec;
    if (settings.video) publisher.videoCodec = properties.videoCodec;
    if (!settings.recordPath.empty()) {
        recorder_ = std::make_unique<Uplink>(stages.publisher(base::Url::Scheme::FlvFile),
                                             base::Url::file(base::checkedPath(settings.recordPath)), publisher, recordQueue_,
                                             Uplink::Output{.onTransport = [] {},
                                                            .onConnected = [] {},
                                                            .wantKey = output.wantKey,
                                                            .onLost = std::move(output.onRecordingFailed)});
    }
    link_ = std::make_unique<Link>(stages.publisher, std::move(settings.url), publisher,
                                   *base::ReconnectSpec::parse(properties.reconnect), queue_, control, events,
                                   Link::Output{.onPublishing =
                                                    [this, tell = std::move(output.onPublishing)] {
                                                        everPublished_ = true;
                                                        tell();
                                                    },
                                                .onInterrupted = std::move(output.onInterrupted),
                                                .onGaveUp = std::move(output.onGaveUp),
                                                .wantKey = std::move(output.wantKey)});
}

bool Push::deliver(Packet packet) {
    if (recorder_) recordQueue_.push(packet);
    return queue_.push(std::move(packet));
}

void Push::finish(bool inOrder) {
    queue_.finish();
    recordQueue_.finish();
    link_->drain(inOrder ? std::chrono::milliseconds(kDrain) : 0ms);
    if (recorder_) recorder_->drain(kDrain);
}

}  // namespace livepusher::pipeline
