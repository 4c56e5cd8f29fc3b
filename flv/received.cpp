// SPDX-License-Identifier: MIT
#include "flv/received.hpp"

#include <utility>

namespace livepusher::rtmp {

namespace {

struct Delivery {
    SubscriberObserver& observer;
    ReceivedPackets& packets;

    void operator()(Packet& packet) const { packets.take(std::move(packet)); }
    void operator()(const StreamMetadata& metadata) const { observer.metadata(metadata); }
    void operator()(const TrackLeftOut& track) const { observer.trackLeftOut(track.name); }
    void operator()(StreamEvent event) const {
        switch (event) {
            case StreamEvent::Began: return observer.streamBegan();
            case StreamEvent::PublisherLeft: return observer.publisherLeft();
        }
    }
};

}  // namespace

void deliver(Received& received, SubscriberObserver& observer, ReceivedPackets& packets) {
    auto all = std::exchange(received, {});
    for (auto& item : all) std::visit(Delivery{observer, packets}, item);
}

}  // namespace livepusher::rtmp
