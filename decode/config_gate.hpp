// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <deque>
#include <optional>
#include <utility>

#include "media/packet.hpp"

namespace livepusher::decode {

/// Says when a decoder is to be opened by a Config: not for one that says the same again, and at most five times a second, so
/// that a stream which changes it with each packet costs little. Pure: moments come in.
class ConfigGate {
public:
    static constexpr std::size_t kMost = 5;
    static constexpr Timestamp kWithin{1'000'000};

    /// True: it is another than the last. Packets before and after it don't belong together.
    bool offer(const Packet& config) {
        if (last_ && same(*last_, config)) return false;
        last_ = config;
        waits_ = true;
        return true;
    }
    /// The Config to be opened now, if one waits and may.
    std::optional<Packet> take(Timestamp now) {
        if (!waits_) return std::nullopt;
        while (!openings_.empty() && now - openings_.front() >= kWithin) openings_.pop_front();
        if (openings_.size() >= kMost) return std::nullopt;
        openings_.push_back(now);
        waits_ = false;
        return last_;
    }
    bool waits() const { return waits_; }

private:
    static bool same(const Packet& a, const Packet& b) {
        const Packet::Description none;
        const auto &x = a.description ? *a.description : none, &y = b.description ? *b.description : none;
        const bool alike = a.track == Packet::Track::Video ? x.videoCodec == y.videoCodec
                                                           : x.audioCodec == y.audioCodec && x.headerless == y.headerless;
        // Of sound without a header the description is all there is.
        const bool flags =
            x.headerless == Packet::HeaderlessSound::None || (x.sampleRate == y.sampleRate && x.channels == y.channels);
        return alike && flags && (a.data == b.data || (a.data && b.data && *a.data == *b.data));
    }

    std::optional<Packet> last_;
    bool waits_ = false;
    std::deque<Timestamp> openings_;
};

}  // namespace livepusher::decode
