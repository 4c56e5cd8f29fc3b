// SPDX-License-Identifier: MIT
#include "flv/tag_units.hpp"

#include "base/big_endian.hpp"
#include "flv/four_cc.hpp"

#include <array>
#include <bitset>
#include <optional>

namespace livepusher::rtmp {

namespace {

using UnitKind = TagUnit::Kind;

/// A body that is read from its beginning; what isn't there makes it bad, and 0.
class Cursor {
public:
    explicit Cursor(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

    std::span<const std::uint8_t> take(std::size_t count) {
        good_ = good_ && count <= rest_.size();
        if (!good_) return {};
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }
    std::uint32_t number(std::size_t bytes) { return static_cast<std::uint32_t>(base::readBig(take(bytes))); }
    std::uint8_t byte() { return static_cast<std::uint8_t>(number(1)); }
    /// SI24.
    std::int32_t composition() { return static_cast<std::int32_t>(number(3) << 8U) / 256; }
    std::span<const std::uint8_t> rest() { return take(rest_.size()); }
    bool atEnd() const { return rest_.empty(); }
    bool good() const { return good_; }

private:
    std::span<const std::uint8_t> rest_;
    bool good_ = true;
};

// Packet types of Enhanced RTMP v2; the first three are the same for sound and picture.
constexpr std::uint8_t kSequenceStart = 0, kCodedFrames = 1, kSequenceEnd = 2, kCodedFramesX = 3, kVideoMetadata = 4;
constexpr std::uint8_t kVideoMultitrack = 6, kAudioMultitrack = 5, kModEx = 7;
constexpr std::uint8_t kOneTrack = 0, kManyTracksManyCodecs = 2;  // AvMultitrackType; 1: many tracks of one codec

constexpr std::uint8_t kKeyFrame = 1, kGeneratedKeyFrame = 4, kCommandFrame = 5;

bool isKey(std::uint8_t frame) { return frame == kKeyFrame || frame == kGeneratedKeyFrame; }

/// Passes over the ModEx packets that stand before a packet of another type, which it returns.
std::uint8_t skipModifiers(Cursor& body, std::uint8_t type) {
    constexpr std::uint32_t kLarge = 256;
    while (type == kModEx && body.good()) {
        std::uint32_t size = body.number(1) + 1;
        if (size == kLarge) size = body.number(2) + 1;
        body.take(size);
        type = body.byte() & 0x0FU;
    }
    return type;
}

UnitKind kindOf(std::uint8_t type) {
    switch (type) {
        case kSequenceStart: return UnitKind::Config;
        case kCodedFrames:
        case kCodedFramesX: return UnitKind::Coded;
        case kSequenceEnd: return UnitKind::End;
        default: return UnitKind::Other;
    }
}

/// The tracks of an enhanced tag, from behind its first byte and modifiers. `unit` has what holds for all of them; `fill` reads a
/// track's own head.
template <typename Fill>
bool readTracks(Cursor& body, std::uint8_t type, std::uint8_t multitrack, TagUnit unit, Fill fill, const TagUnitSink& sink) {
    std::optional<std::uint8_t> tracks;
    if (type == multitrack) {
        const auto both = body.byte();
        tracks = static_cast<std::uint8_t>(both >> 4U);
        type = both & 0x0FU;
        if (*tracks > kManyTracksManyCodecs) return false;
    }
    unit.kind = kindOf(type);
    if (tracks != kManyTracksManyCodecs) unit.codec = body.number(4);
    std::bitset<256> seen;  // a tag that has a track twice could make a crowd of units from a few bytes each
    do {
        if (tracks == kManyTracksManyCodecs) unit.codec = body.number(4);
        if (tracks) unit.track = body.byte();
        Cursor own(tracks && *tracks != kOneTrack ? body.take(body.number(3)) : body.rest());
        fill(own, type, unit);
        unit.data = own.rest();
        if (!body.good() || !own.good() || seen[unit.track]) return false;
        seen.set(unit.track);
        sink(unit);
    } while (tracks && !body.atEnd());
    return true;
}

bool readEnhancedVideo(Cursor& body, std::uint8_t first, const TagUnitSink& sink) {
    const auto frame = static_cast<std::uint8_t>(first >> 4U & 0x07U);
    const auto type = skipModifiers(body, first & 0x0FU);
    if (frame == kCommandFrame && type != kVideoMetadata) return body.good();  // a word to the player, "seek begins"
    const auto fill = [](Cursor& own, std::uint8_t packet, TagUnit& unit) {
        const bool reordered = unit.codec == kAvcFourCc || unit.codec == kHevcFourCc;
        unit.composition = packet == kCodedFrames && reordered ? own.composition() : 0;
        if (packet > kCodedFramesX) unit.kind = UnitKind::Other;
    };
    TagUnit unit;
    unit.key = isKey(frame);
    return readTracks(body, type, kVideoMultitrack, unit, fill, sink);
}

bool readEnhancedAudio(Cursor& body, std::uint8_t first, const TagUnitSink& sink) {
    const auto type = skipModifiers(body, first & 0x0FU);
    const auto fill = [](Cursor&, std::uint8_t packet, TagUnit& unit) {
        if (packet > kSequenceEnd) unit.kind = UnitKind::Other;
    };
    return readTracks(body, type, kAudioMultitrack, {}, fill, sink);
}

/// AVCPacketType, AACPacketType.
UnitKind kindOfOld(std::uint8_t type) { return type <= kSequenceEnd ? kindOf(type) : UnitKind::Other; }

}  // namespace

bool readVideoTag(std::span<const std::uint8_t> bytes, const TagUnitSink& sink) {
    constexpr std::uint8_t kOldAvc = 7;
    constexpr std::uint8_t kOldHevc = 12;  // in no specification, and sent all the same
    Cursor body(bytes);
    const auto first = body.byte();
    if ((first & 0x80U) != 0) return readEnhancedVideo(body, first, sink);
    const auto frame = static_cast<std::uint8_t>(first >> 4U);
    if (frame == kCommandFrame) return body.good();
    TagUnit unit;
    unit.codec = first & 0x0FU;
    unit.key = isKey(frame);
    if (unit.codec == kOldAvc || unit.codec == kOldHevc) {
        unit.codec = unit.codec == kOldAvc ? kAvcFourCc : kHevcFourCc;
        unit.kind = kindOfOld(body.byte());
        unit.composition = body.composition();
    }
    unit.data = body.rest();
    if (!body.good()) return false;
    sink(unit);
    return true;
}

bool readAudioTag(std::span<const std::uint8_t> bytes, const TagUnitSink& sink) {
    constexpr std::array<int, 4> kRates{5512, 11025, 22050, 44100};
    constexpr std::uint8_t kOldMp3 = 2, kEnhanced = 9, kOldAac = 10, kMp3At8kHz = 14;
    Cursor body(bytes);
    const auto first = body.byte();
    const auto format = static_cast<std::uint8_t>(first >> 4U);
    if (format == kEnhanced) return readEnhancedAudio(body, first, sink);
    TagUnit unit;
    unit.codec = format;
    unit.sampleRate = kRates[first >> 2U & 3U];
    unit.channels = (first & 1U) != 0 ? 2 : 1;
    if (format == kOldAac) {
        unit.codec = kAacFourCc;
        unit.kind = kindOfOld(body.byte());
        if (unit.kind == UnitKind::End) unit.kind = UnitKind::Other;  // it has two types only
    } else if (format == kOldMp3 || format == kMp3At8kHz) {
        unit.codec = kMp3FourCc;
    }
    if (format == kMp3At8kHz || format == TagUnit::kALaw || format == TagUnit::kMuLaw) unit.sampleRate = 8000;
    unit.data = body.rest();
    if (!body.good()) return false;
    sink(unit);
    return true;
}

}  // namespace livepusher::rtmp
