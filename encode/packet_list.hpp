// SPDX-License-Identifier: MIT
#pragma once

#include "encode/encoder.hpp"

#include <utility>
#include <vector>

namespace livepusher::encode {

/// Keeps what an encoder puts out.
struct PacketList final : PacketSink {
    void take(Packet packet) override { packets.push_back(std::move(packet)); }
    std::vector<Packet> packets;
};

}  // namespace livepusher::encode
