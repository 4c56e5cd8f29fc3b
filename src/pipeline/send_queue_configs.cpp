// SPDX-License-Identifier: MIT
// What a SendQueue knows of the tracks' configurations, before and between its connections.
#include "pipeline/send_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace livepusher::pipeline {

using Kind = Packet::Kind;
using Track = Packet::Track;

void SendQueue::expect(bool video, bool audio) {
    std::lock_guard lock(mutex_);
    videoAwaited_ = video;
    audioAwaited_ = audio;
}

void SendQueue::join(const std::vector<Packet>& configs) {
    std::lock_guard lock(mutex_);
    for (const auto& config : configs) {
        rememberConfig(config);
        (config.track == Track::Video ? videoAwaited_ : audioAwaited_) = false;
    }
    waitingForKey_ = videoConfig_.has_value();
}

void SendQueue::expectAnew(Track track) {
    std::deque<Packet> dropped;
    std::lock_guard lock(mutex_);
    while (interleaver_) {
        auto packet = interleaver_->next(Timestamp::max());
        if (!packet) break;
        admit(std::move(*packet), dropped);
    }
    const auto gone = std::ranges::stable_partition(packets_, [&](const Packet& p) { return p.track != track; });
    std::ranges::move(gone, std::back_inserter(dropped));
    packets_.erase(gone.begin(), gone.end());
    const bool video = track == Track::Video;
    (video ? videoConfig_ : audioConfig_).reset();
    (video ? videoAwaited_ : audioAwaited_) = true;
    (video ? videoAnew_ : audioAnew_) = true;
}

/// Comes from an encoder whose time is over.
bool SendQueue::isOfBefore(const Packet& packet) {
    bool& anew = packet.track == Track::Video ? videoAnew_ : audioAnew_;
    if (packet.kind == Kind::Config) anew = false;
    return anew;
}

}  // namespace livepusher::pipeline
