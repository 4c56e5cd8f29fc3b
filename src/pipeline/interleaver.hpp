// SPDX-License-Identifier: MIT
#pragma once

#include "media/packet.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <optional>

namespace livepusher::pipeline {

/// Brings the packets of two tracks into the order of their time: an encoder of pictures is later than one of sound, and
/// players that read a stream as it comes expect both side by side. Holds a packet until the other track has come as
/// far, kPatience at most. Pure: time comes with the calls.
class Interleaver {
public:
    /// So long a packet is held at most, counted from add().
    static constexpr Timestamp kPatience{60'000};
    /// A track that has given nothing for so long is not waited for.
    static constexpr Timestamp kQuiet{500'000};

    void add(Packet packet, Timestamp now);

    /// The packet whose turn it is; empty: none's, yet. To be called until it is. With Timestamp::max() nothing is waited for.
    std::optional<Packet> next(Timestamp now);

    /// When next() will have one although nothing is added; empty: it holds none.
    std::optional<Timestamp> due() const;

private:
    struct Held {
        Packet packet;
        Timestamp since{};
    };
    struct Track {
        std::deque<Held> held;
        std::optional<Timestamp> reached;  // dts of the newest that was added; empty: the track has not begun
        Timestamp lastAdded{};
    };

    Timestamp timeOf(const Track& track) const;
    std::optional<std::size_t> first() const;
    Timestamp until(std::size_t track) const;

    std::array<Track, 2> tracks_;
};

}  // namespace livepusher::pipeline
