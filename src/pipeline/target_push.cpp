// SPDX-License-Identifier: MIT
#include "pipeline/target_push.hpp"

#include <utility>

namespace livepusher::pipeline {

namespace {

/// Media that waits for a connection; what is older is left out, up to the next key frame.
constexpr Timestamp kKeptUnsent = std::chrono::seconds(2);

void prepare(SendQueue& queue, const TargetPush::Settings& settings) {
    queue.expect(settings.video, settings.audio);
    if (settings.ordered) queue.interleave();
    queue.awaitSources();
}

}  // namespace

TargetPush::TargetPush(const Link::MakePublisher& makePublisher, Settings settings, session::ControlLoop& control, Events& events,
                       KeyFrameSource& pictures, TargetObserver& observer)
    : id_(std::move(settings.id)),
      observer_(observer),
      control_(control),
      queue_(kKeptUnsent),
      soundRendition_(settings.soundRendition),
      switch_(settings.rendition),
      link_((prepare(queue_, settings), makePublisher),
            {.urls = std::move(settings.urls), .preferFirst = settings.preferFirst, .publisher = std::move(settings.publisher)},
            std::move(settings.reconnect), queue_, control, TargetEvents(events, id_), pictures, *this) {}

void TargetPush::join(const std::vector<Packet>& configs, Timestamp from) {
    from_ = from;
    queue_.join(configs);
}

bool TargetPush::deliver(Packet packet) {
    packet.pts -= from_;
    packet.dts -= from_;
    if (packet.track == Packet::Track::Audio) return queue_.push(std::move(packet));
    std::lock_guard lock(switchMutex_);
    const int before = switch_.current();
    bool wantKey = false;
    for (auto& next : switch_.take(std::move(packet))) wantKey = queue_.push(std::move(next)) || wantKey;
    if (switch_.current() != before) control_.report(reports_, &TargetPush::wentOver, this);
    return wantKey;
}

void TargetPush::want(int rendition, std::optional<Packet> config) {
    std::lock_guard lock(switchMutex_);
    if (switch_.wanted() != rendition) switch_.want(rendition, std::move(config));
}

void TargetPush::lose(int rendition) {
    std::lock_guard lock(switchMutex_);
    switch_.lose(rendition);
}

TargetPush::Routes TargetPush::renditions() const {
    std::lock_guard lock(switchMutex_);
    return {switch_.current(), switch_.wanted()};
}

void TargetPush::gaveUp(const Error& cause) {
    gaveUp_ = true;
    queue_.close();  // nothing will ever read it
    observer_.gaveUp(*this, cause);
}

}  // namespace livepusher::pipeline
