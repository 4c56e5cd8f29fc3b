// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "media/packet.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace livepusher::rtmp {

/// FLV tag types, which are RTMP message types too (Adobe FLV 10.1 §E.4.1).
enum class FlvTagType : std::uint8_t { Audio = 8, Video = 9, Script = 18 };

/// One FLV tag without its framing: the body is head and then data, which lives as long as the call
/// that hands the tag over.
struct FlvTag {
    FlvTagType type{};
    std::uint64_t timestamp = 0;  ///< ms; the wire takes it modulo 2^32
    std::array<std::uint8_t, 8> headBytes{};
    std::size_t headSize = 0;
    std::span<const std::uint8_t> data;
    std::span<const std::uint8_t> head() const { return {headBytes.data(), headSize}; }
};

/// Whole milliseconds of a packet's time, to the nearest; before the session's begin counts as 0. The one
/// place where microseconds become milliseconds.
std::uint64_t toMilliseconds(Timestamp time);

/// The body of onMetaData, a Script tag (Adobe FLV 10.1 §E.5): of the tracks that exist only what their Config
/// packets say. With `fileFields` it begins with duration and filesize, 0, to be filled in at the end.
std::vector<std::uint8_t> metadata(const Packet* videoConfig, const Packet* audioConfig, bool fileFields);

/// Where the two 8-byte numbers of `fileFields` stand in that body.
inline constexpr std::size_t kDurationOffset = 29;
inline constexpr std::size_t kFileSizeOffset = 48;

/// Turns packets into the tags of one stream: H.264 (AVCC) and AAC; H.265, AV1 and Opus in the tags of Enhanced RTMP v2. Configs
/// wait for the first media packet, so that one onMetaData names all tracks, then come sequence headers, both a second
/// before the first media, or at 0, then media. A later Config brings its header at once, and before it, except with
/// `fileFields`, a new onMetaData.
class FlvPacketizer {
public:
    using Sink = std::function<Result<void>(const FlvTag&)>;

    explicit FlvPacketizer(bool fileFields = false) : fileFields_(fileFields) {}

    /// Gives `sink` what follows from one packet; its first error ends the call.
    Result<void> write(const Packet& packet, const Sink& sink);

    bool hasVideo() const { return video_.has_value(); }  ///< its Config has come
    bool hasAudio() const { return audio_.has_value(); }

private:
    Result<void> writeMetadata(const Sink& sink);
    Result<void> writeConfig(const Packet& config, const Sink& sink);
    FlvTag mediaTag(const Packet& packet, std::uint64_t timestamp) const;

    const bool fileFields_;
    bool started_ = false;
    std::uint64_t latest_ = 0;  ///< ms, of what was written
    std::optional<Packet> video_, audio_;
};

}  // namespace livepusher::rtmp
