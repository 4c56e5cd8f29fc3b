// SPDX-License-Identifier: MIT
#include "flv/tag_reader.hpp"

#include "base/big_endian.hpp"
#include "flv/four_cc.hpp"
#include "flv/stream_metadata.hpp"
#include "media/avc_config.hpp"
#include "media/hevc_config.hpp"
#include "net/server_text.hpp"

#include <array>
#include <chrono>
#include <utility>

namespace livepusher::rtmp {

namespace {

using Headerless = Packet::HeaderlessSound;
using TagBytes = std::vector<std::uint8_t>;

constexpr std::size_t kMostLeftOut = 32;      // codecs
constexpr std::size_t kOpusChannelCount = 9;  // where it stands in OpusHead
constexpr std::uint32_t kFourCcs = 0x1000;    // below are the numbers of old

Headerless headerlessOf(std::uint32_t codec) {
    switch (codec) {
        case kMp3FourCc: return Headerless::Mp3;
        case TagUnit::kALaw: return Headerless::ALaw;
        case TagUnit::kMuLaw: return Headerless::MuLaw;
        default: return Headerless::None;
    }
}

bool isTaken(Packet::Track kind, const TagUnit& unit) {
    const auto codec = unit.codec;
    if (kind == Packet::Track::Video) return codec == kAvcFourCc || codec == kHevcFourCc || codec == kAv1FourCc;
    if (codec == kAacFourCc || codec == kOpusFourCc) return true;
    return headerlessOf(codec) != Headerless::None && unit.sampleRate > 0;  // enhanced tags don't tell the rate
}

std::string nameOf(Packet::Track kind, std::uint32_t codec) {
    static constexpr std::array<const char*, 16> kVideo{nullptr, nullptr, "Sorenson H.263", "Screen video",
                                                        "VP6",   "VP6",   "Screen video"};
    static constexpr std::array<const char*, 16> kSound{"PCM", "ADPCM", nullptr, "PCM", "Nellymoser", "Nellymoser", "Nellymoser"};
    constexpr std::uint32_t kSpeex = 11;
    const std::string in = kind == Packet::Track::Video ? "video in " : "sound in ";
    if (codec >= kFourCcs) {
        const auto letters = base::bigBytes<4>(codec);
        return in + serverText({reinterpret_cast<const char*>(letters.data()), letters.size()}, "");
    }
    if (kind == Packet::Track::Audio && codec == kSpeex) return in + "Speex";
    const auto* const name = (kind == Packet::Track::Video ? kVideo : kSound)[codec & 0x0FU];
    return in + (name ? name : "codec " + std::to_string(codec));
}

Timestamp milliseconds(std::int64_t count) { return std::chrono::milliseconds(count); }

void describeNals(const std::optional<base::AvcRecord>& record, bool hevc, Packet::Description& out) {
    if (!record) return;
    for (const auto& set : record->sets) {
        const bool isSps = !set.empty() && (hevc ? base::HevcNal::type(set) == base::HevcNal::kSps
                                                 : base::AvcNal::type(set) == base::AvcNal::kSps);
        const auto info = isSps ? (hevc ? base::readHevcSps(set) : base::readAvcSps(set)) : std::nullopt;
        if (!info) continue;
        out.width = info->width;
        out.height = info->height;
        out.fps = info->fps;
        return;
    }
}

/// AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1): what it says first; SBR may double the rate.
void describeAac(std::span<const std::uint8_t> config, Packet::Description& out) {
    static constexpr std::array<int, 13> kRates{96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                                22050, 16000, 12000, 11025, 8000,  7350};
    if (config.size() < 2) return;
    const auto rate = (config[0] & 7U) << 1U | config[1] >> 7U;
    const int channels = config[1] >> 3U & 0x0FU;
    if (rate < kRates.size()) out.sampleRate = kRates[rate];
    out.channels = channels == 7 ? 8 : channels;
}

/// Where the length size of NAL units stands in a configuration record; 0: in none.
std::size_t lengthSizeAt(std::uint32_t codec) {
    constexpr std::size_t kInAvcRecord = 4, kInHevcRecord = 21;
    return codec == kAvcFourCc ? kInAvcRecord : codec == kHevcFourCc ? kInHevcRecord : 0;
}

TagBytes withLongLengths(std::span<const std::uint8_t> data, int lengthSize) {
    const auto units = base::splitLengths(data, lengthSize);
    if (units.empty()) return {data.begin(), data.end()};  // damaged: the decoder will say so
    TagBytes out;
    for (const auto& unit : units) {
        base::appendBig<4>(out, unit.size());
        out.insert(out.end(), unit.begin(), unit.end());
    }
    return out;
}

}  // namespace

void TagReader::take(FlvTagType type, std::uint32_t timestamp, std::span<const std::uint8_t> body, Received& out) {
    if (body.empty()) return;  // an end that some servers send
    if (type == FlvTagType::Script) {
        if (auto metadata = readMetadata(body, secrets_)) out.emplace_back(std::move(*metadata));
        return;
    }
    const auto kind = type == FlvTagType::Video ? Packet::Track::Video : Packet::Track::Audio;
    const auto sink = [&](const TagUnit& unit) { takeUnit(kind, timestamp, unit, out); };
    if (!(kind == Packet::Track::Video ? readVideoTag(body, sink) : readAudioTag(body, sink))) ++malformed_;
}

void TagReader::takeUnit(Packet::Track kind, std::uint32_t timestamp, const TagUnit& unit, Received& out) {
    auto& track = kind == Packet::Track::Video ? video_ : audio_;
    if (!isTaken(kind, unit)) return leaveOut(kind, unit.codec, out);
    if (!track.id) track.id = unit.track;
    if (*track.id != unit.track) {
        if (track.leftOut[unit.track]) return;
        track.leftOut.set(unit.track);
        out.emplace_back(
            TrackLeftOut{(kind == Packet::Track::Video ? "video track " : "sound track ") + std::to_string(unit.track)});
        return;
    }
    if (unit.kind == TagUnit::Kind::Config) return takeConfig(kind, track, timestamp, unit, out);
    if (unit.kind != TagUnit::Kind::Coded || unit.data.empty()) return;
    if (headerlessOf(unit.codec) != Headerless::None) takeHeaderless(track, timestamp, unit, out);
    if (track.codec != unit.codec) return;
    const bool shortLengths = lengthSizeAt(unit.codec) > 0 && track.lengthSize != 4;
    out.emplace_back(Packet::coded(
        kind, unit.key || kind == Packet::Track::Audio ? Packet::Kind::Key : Packet::Kind::Delta,
        milliseconds(std::int64_t{timestamp} + unit.composition), milliseconds(timestamp),
        shortLengths ? withLongLengths(unit.data, track.lengthSize) : TagBytes(unit.data.begin(), unit.data.end())));
}

void TagReader::takeConfig(Packet::Track kind, TrackState& track, std::uint32_t timestamp, const TagUnit& unit, Received& out) {
    if (unit.data.empty()) return;
    Packet::Description described;
    TagBytes record(unit.data.begin(), unit.data.end());
    switch (unit.codec) {
        case kAvcFourCc: describeNals(base::readAvcConfig(record), false, described); break;
        case kHevcFourCc:
            described.videoCodec = VideoCodec::hevc;
            describeNals(base::readHevcConfig(record), true, described);
            break;
        case kAv1FourCc: described.videoCodec = VideoCodec::av1; break;
        case kAacFourCc: describeAac(record, described); break;
        case kOpusFourCc:
            described.audioCodec = AudioCodec::opus;
            described.sampleRate = 48000;
            described.channels = record.size() > kOpusChannelCount ? record[kOpusChannelCount] : 0;
            break;
        default: return;
    }
    track.codec = unit.codec;
    track.lengthSize = 4;
    // Packets have lengths of 4 bytes, so the record says 4.
    if (const auto at = lengthSizeAt(unit.codec); at > 0 && at < record.size()) {
        track.lengthSize = (record[at] & 3) + 1;
        record[at] |= 3;
    }
    auto config = Packet::config(kind, std::move(record), described);
    config.dts = config.pts = milliseconds(timestamp);
    out.emplace_back(std::move(config));
}

void TagReader::takeHeaderless(TrackState& track, std::uint32_t timestamp, const TagUnit& unit, Received& out) {
    const auto& last = track.headerless;
    if (track.codec == unit.codec && last.sampleRate == unit.sampleRate && last.channels == unit.channels) return;
    track.codec = unit.codec;
    track.headerless = {.sampleRate = unit.sampleRate, .channels = unit.channels, .headerless = headerlessOf(unit.codec)};
    auto config = Packet::config(Packet::Track::Audio, {}, track.headerless);
    config.dts = config.pts = milliseconds(timestamp);
    out.emplace_back(std::move(config));
}

void TagReader::leaveOut(Packet::Track kind, std::uint32_t codec, Received& out) {
    if (leftOut_.size() == kMostLeftOut || !leftOut_.emplace(kind, codec).second) return;
    auto name = nameOf(kind, codec);
    if (named_.insert(name).second) out.emplace_back(TrackLeftOut{std::move(name)});  // several numbers may share one
}

}  // namespace livepusher::rtmp
