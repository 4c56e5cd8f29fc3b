// SPDX-License-Identifier: MIT
#pragma once

#include "media/packet.hpp"

#include <optional>
#include <vector>

namespace livepusher::pipeline {

/// Chooses one rendition's pictures for a target, and goes over to another's at a key frame that both have: no picture is lost
/// and none comes twice, whichever of the two encoders is ahead. Pure: packets in, packets out.
class RenditionSwitch {
public:
    explicit RenditionSwitch(int number) : current_(number) {}

    /// Over to another, whose configuration may be in force already. The one before is needed until that has come about.
    void want(int number, std::optional<Packet> config);
    /// Nothing comes of that one any more: it is stayed with the other, which begins with its next key frame.
    void lose(int number);
    int current() const { return current_; }
    int wanted() const { return wanted_; }  ///< current(), or what it is going over to

    /// What of video comes next for the target, in order, now that this packet is there.
    std::vector<Packet> take(Packet packet);

private:
    void fromCurrent(Packet packet, std::vector<Packet>& out);
    void fromWanted(Packet packet, std::vector<Packet>& out);
    void emit(Packet packet, std::vector<Packet>& out);
    void flush(std::vector<Packet>& held, std::vector<Packet>& out);
    void goOver(std::vector<Packet>& out);

    int current_;
    int wanted_ = current_;
    bool awaitsKey_ = false;                    // the current one begins
    std::optional<Packet> config_;              // of the wanted one
    std::vector<Packet> heldBack_;              // of the current one, from a key frame on that the other may come to
    std::vector<Packet> heldReady_;             // of the wanted one, likewise
    std::optional<Timestamp> shown_, reached_;  // pts of the latest picture, dts of the last, that went out
};

}  // namespace livepusher::pipeline
