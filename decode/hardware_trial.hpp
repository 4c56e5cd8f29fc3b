// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "media/packet.hpp"

namespace livepusher::decode {

/// Watches whether a hardware decoder gives pictures, and keeps the packets from a key frame on until one has come out, so that
/// another decoder can be given them. It has failed when it got 10 packets without a picture, or, before its first, made an error
/// of the key frame (libavcodec's for HEVC goes on without hardware then, from the next picture on) or three of others. Later
/// errors may as well be the stream's. Pure.
class HardwareTrial {
public:
    static constexpr std::size_t kMostPackets = 10;
    static constexpr int kMostErrors = 3;

    /// A decoder was opened; none of hardware is not watched.
    void begin(bool hardware) {
        *this = {};
        on_ = hardware;
    }
    /// The next packet isn't the one that follows.
    void restart() {
        packets_.clear();
        errors_ = 0;
        keyFailed_ = false;
    }
    void sent(const Packet& packet, std::int64_t number) {
        if (!on_ || (packets_.empty() && packet.kind != Packet::Kind::Key)) return;
        if (packets_.empty()) first_ = number;
        packets_.push_back(packet);
    }
    /// True: the error is not to be told, the packet may be decoded again.
    bool error(const std::string& why) {
        if (!on_ || proven_) return false;
        ++errors_;
        keyFailed_ |= packets_.size() == 1;
        why_ = why;
        return true;
    }
    /// A picture of the packet of that number came out. What errors there were before, to be told now; mostly none.
    std::string picture(std::int64_t number) {
        if (!on_ || packets_.empty() || number < first_) return {};
        proven_ = true;
        restart();
        return std::exchange(why_, {});
    }
    bool failed() const {
        return on_ && (packets_.size() >= kMostPackets || (!proven_ && (keyFailed_ || errors_ >= kMostErrors)));
    }
    bool waits() const { return on_ && !packets_.empty(); }
    std::string why() const {
        const auto given = std::to_string(packets_.size()) + " packets gave no picture";
        return why_.empty() ? given : given + "; errors: " + std::to_string(errors_) + ", the last: " + why_;
    }
    std::vector<Packet> takePackets() { return std::exchange(packets_, {}); }

private:
    bool on_ = false, proven_ = false, keyFailed_ = false;
    std::int64_t first_ = 0;
    std::vector<Packet> packets_;
    int errors_ = 0;
    std::string why_;
};

}  // namespace livepusher::decode
