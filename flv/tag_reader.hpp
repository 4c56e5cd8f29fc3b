// SPDX-License-Identifier: MIT
#pragma once

#include "flv/flv.hpp"
#include "flv/received.hpp"
#include "flv/tag_units.hpp"

#include <bitset>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace livepusher::rtmp {

/// Turns the tags of one stream into packets: H.264, H.265 and AV1; AAC, Opus, MP3 and G.711; in tags of old and of Enhanced
/// RTMP v2, and the H.265 of old (CodecID 12) that is in no specification. Of several tracks the first of its kind; the others,
/// and codecs that are none of these, are left out and named once. A coded unit whose Config hasn't come is left out too.
/// No I/O, one thread.
class TagReader {
public:
    /// `secrets`: of where the stream comes from; servers like to repeat them.
    explicit TagReader(std::vector<std::string> secrets = {}) : secrets_(std::move(secrets)) {}

    /// `timestamp`: ms, modulo 2^32. What follows from the tag is appended to `out`. A tag that is malformed gives what can be
    /// read of it: its framing is right, so the next one is as good as ever.
    void take(FlvTagType type, std::uint32_t timestamp, std::span<const std::uint8_t> body, Received& out);

    std::uint64_t malformed() const { return malformed_; }  ///< tags

private:
    struct TrackState {
        std::optional<std::uint8_t> id;  ///< of the one that is delivered
        std::uint32_t codec = 0;         ///< of its Config; 0: none has come
        int lengthSize = 4;              ///< of its NAL units
        Packet::Description headerless;  ///< of its Config, if it was made here
        std::bitset<256> leftOut;
    };

    void takeUnit(Packet::Track kind, std::uint32_t timestamp, const TagUnit& unit, Received& out);
    void takeConfig(Packet::Track kind, TrackState& track, std::uint32_t timestamp, const TagUnit& unit, Received& out);
    void takeHeaderless(TrackState& track, std::uint32_t timestamp, const TagUnit& unit, Received& out);
    void leaveOut(Packet::Track kind, std::uint32_t codec, Received& out);

    const std::vector<std::string> secrets_;
    TrackState video_, audio_;
    std::set<std::pair<Packet::Track, std::uint32_t>> leftOut_;  ///< codecs
    std::set<std::string> named_;                                ///< these
    std::uint64_t malformed_ = 0;
};

}  // namespace livepusher::rtmp
