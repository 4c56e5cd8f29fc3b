// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/subscriber.hpp"

#include <string>
#include <variant>
#include <vector>

namespace livepusher::rtmp {

struct TrackLeftOut {
    std::string name;
};

/// What a server says of its stream, between the packets.
enum class StreamEvent { Began, PublisherLeft };

/// What has come of a stream, in its order, until it is delivered.
using Received = std::vector<std::variant<Packet, StreamMetadata, TrackLeftOut, StreamEvent>>;

/// Hands it over to whom it concerns, and empties it.
void deliver(Received& received, SubscriberObserver& observer, ReceivedPackets& packets);

}  // namespace livepusher::rtmp
