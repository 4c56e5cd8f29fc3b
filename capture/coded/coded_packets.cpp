// SPDX-License-Identifier: MIT
#include "capture/coded/coded_packets.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "media/avc_config.hpp"
#include "media/bit_reader.hpp"
#include "media/hevc_config.hpp"
#include "media/orientation_sei.hpp"
#include "media/picture_size.hpp"

namespace livepusher::capture {
namespace {

using base::AvcNal;
using base::HevcNal;
using base::Nal;

constexpr std::size_t kMaxWaiting = std::size_t{1} << 20U;
constexpr std::size_t kMaxUnit = std::size_t{16} << 20U;  // FLV's tags have 24 bits for their length
constexpr std::array<std::size_t, 3> kMaxSets{16, 31, 255};

const char* codecName(VideoCodec codec) { return codec == VideoCodec::hevc ? "HEVC" : "H.264"; }

std::vector<Nal> views(const auto& sets) {
    std::vector<Nal> all;
    for (const auto& set : sets) all.emplace_back(set.bytes);
    return all;
}

void append(std::vector<std::uint8_t>& to, Nal nal) {
    const auto size = nal.size();
    for (const unsigned shift : {24U, 16U, 8U, 0U}) to.push_back(static_cast<std::uint8_t>(size >> shift & 0xffU));
    to.insert(to.end(), nal.begin(), nal.end());
}

std::string words(base::Orientation orientation) {
    const auto turn = "a turn of " + std::to_string(static_cast<int>(orientation.rotation)) + " degrees clockwise";
    if (!orientation.mirrored) return turn;
    return orientation.rotation == Rotation::None ? "left and right exchanged" : "left and right exchanged, then " + turn;
}

}  // namespace

Error CodedPackets::bad(const std::string& what) const { return {Code::InvalidArgument, label_ + ": " + what}; }

std::optional<CodedPackets::Kind> CodedPackets::setKind(Nal nal) const {
    const int type = hevc() ? HevcNal::type(nal) : AvcNal::type(nal);
    if (hevc() && type == HevcNal::kVps) return Vps;
    if (type == (hevc() ? HevcNal::kSps : AvcNal::kSps)) return Sps;
    if (type == (hevc() ? HevcNal::kPps : AvcNal::kPps)) return Pps;
    return std::nullopt;
}

bool CodedPackets::isSlice(Nal nal) const {
    if (hevc()) return HevcNal::type(nal) <= HevcNal::kLastSlice;
    return AvcNal::type(nal) >= AvcNal::kSlice && AvcNal::type(nal) <= AvcNal::kIdr;
}

bool CodedPackets::isKey(Nal nal) const {
    if (!hevc()) return AvcNal::type(nal) == AvcNal::kIdr;
    return HevcNal::type(nal) >= HevcNal::kFirstIrap && HevcNal::type(nal) <= HevcNal::kLastIrap;
}

bool CodedPackets::isLeftOut(Nal nal) const {
    const int type = hevc() ? HevcNal::type(nal) : AvcNal::type(nal);
    return type == (hevc() ? HevcNal::kDelimiter : AvcNal::kDelimiter) || type == (hevc() ? HevcNal::kFiller : AvcNal::kFiller);
}

bool CodedPackets::complete() const { return (!hevc() || !sets_[Vps].empty()) && !sets_[Sps].empty() && !sets_[Pps].empty(); }

/// Once for a source; what needs no turn is no news.
void CodedPackets::warnOfTurn(base::Orientation orientation, const char* whose, const char* outcome) {
    if (orientation.none() || std::exchange(turnTold_, true)) return;
    base::log(LogLevel::Warning, label_ + ": " + whose + " for " + words(orientation) + ": " + outcome +
                                     "; to have it turned, decode it: file: or camera: in place of coded:");
}

void CodedPackets::restart() {
    begun_ = false;
    waiting_.clear();
}

Result<void> CodedPackets::use(VideoCodec codec) {
    if (codec != VideoCodec::h264 && codec != VideoCodec::hevc) return bad("codec: must be h264 or hevc");
    if (codec == codec_) return {};
    if (begun_)
        return bad(std::string("codec ") + codecName(codec) + ": must be " + codecName(codec_) +
                   ", as all before, until the source is stopped");
    codec_ = codec;
    sets_ = {};
    waiting_.clear();
    return {};
}

Result<void> CodedPackets::check(std::span<const Nal> nals) const {
    std::size_t total = 0;
    for (const auto& nal : nals) {
        total += nal.size() + 4;
        if (nal.size() < (hevc() ? 2U : 1U)) return bad("holds a NAL unit that is too short for its header");
        if ((nal[0] & 0x80) != 0) return bad("holds a NAL unit with a damaged header");
    }
    if (total > kMaxUnit) return bad("is " + std::to_string(total >> 20U) + " MB: must be less than 16 MB");
    return {};
}

Result<void> CodedPackets::keep(Kind kind, Nal nal) {
    const auto header = hevc() ? std::size_t{2} : std::size_t{1};
    const auto name = std::array{"VPS", "SPS", "PPS"}[kind];
    const auto unreadable = [&] {
        return bad(std::string("its ") + name + " can't be read: is it really " + codecName(codec_) + "?");
    };
    if (nal.size() <= header || nal.size() > 0xffff) return unreadable();
    base::BitReader in(nal.subspan(header));
    int id = 0;
    if (kind == Sps) {
        const auto info = hevc() ? base::readHevcSps(nal) : base::readAvcSps(nal);
        if (!info) return unreadable();
        id = info->id;
    } else {
        const auto told = kind == Vps ? in.bits(4) : in.unsignedGolomb();
        if (in.overrun() || told > 255) return unreadable();
        id = static_cast<int>(told);
    }
    auto& sets = sets_[kind];
    const auto same = std::ranges::find(sets, id, &Set::id);
    if (same != sets.end() && std::ranges::equal(same->bytes, nal)) return {};
    if (same != sets.end()) sets.erase(same);
    if (sets.size() >= kMaxSets[kind]) return bad(std::string("has too many ") + name);
    // The newest stands first: that SPS tells profile and size.
    sets.insert(sets.begin(), Set{id, Bytes(nal.begin(), nal.end())});
    changed_ = true;
    return {};
}

Result<void> CodedPackets::learn(VideoCodec codec, std::span<const Nal> nals) {
    if (auto good = use(codec); !good) return good;
    if (auto good = check(nals); !good) return good;
    for (const auto& nal : nals)
        if (const auto kind = setKind(nal))
            if (auto kept = keep(*kind, nal); !kept) return kept;
    return {};
}

Result<CodedPackets::Taken> CodedPackets::take(VideoCodec codec, std::span<const Nal> nals, Timestamp pts, Timestamp dts) {
    if (auto learned = learn(codec, nals); !learned) return learned.error();
    const bool picture = std::ranges::any_of(nals, [&](Nal nal) { return isSlice(nal); });
    const bool key = std::ranges::any_of(nals, [&](Nal nal) { return isKey(nal); });
    if (picture && !complete())
        return bad(std::string("a picture before its parameter sets: ") + (hevc() ? "VPS, SPS and PPS" : "SPS and PPS") +
                   " must come with it or before");
    if (picture && !begun_ && !key)
        return bad(std::string("begins with a picture that needs others: the first must be a key frame (") +
                   (hevc() ? "IRAP" : "IDR") + ")");
    for (const auto& nal : nals)
        if (const auto orientation = readOrientationSei(codec, nal))
            warnOfTurn(*orientation, "its pictures ask (display orientation SEI)",
                       "the SEI stays in the stream, and players that don't know it show the picture as it lies");
    auto bytes = std::exchange(waiting_, {});
    for (const auto& nal : nals)
        if (!setKind(nal) && !isLeftOut(nal)) append(bytes, nal);
    Taken taken;
    if (!picture) {
        if (bytes.size() > kMaxWaiting) return bad("more than 1 MB without a slice: must be the NAL units of one picture");
        waiting_ = std::move(bytes);
        return taken;
    }
    if (!begun_ || changed_) {
        taken.config = makeConfig();
        taken.config->pts = pts;
        taken.config->dts = dts;
        changed_ = false;
    }
    begun_ = true;
    taken.frame = Packet::coded(Packet::Track::Video, key ? Packet::Kind::Key : Packet::Kind::Delta, pts, dts, std::move(bytes));
    return taken;
}

Packet CodedPackets::makeConfig() const {
    const auto vps = views(sets_[Vps]), sps = views(sets_[Sps]), pps = views(sets_[Pps]);
    return Packet::config(Packet::Track::Video, hevc() ? base::hevcConfig(vps, sps, pps) : base::avcConfig(sps, pps),
                          {.width = info().width, .height = info().height, .fps = rate(), .videoCodec = codec_});
}

/// Of the newest SPS; all zeros before one has come.
base::SpsInfo CodedPackets::info() const {
    if (sets_[Sps].empty()) return {};
    const auto& sps = sets_[Sps].front().bytes;
    return (hevc() ? base::readHevcSps(sps) : base::readAvcSps(sps)).value_or(base::SpsInfo{});
}

double CodedPackets::rate() const {
    const auto told = info().fps;
    return told > 0 && told <= 1000 ? told : rate_;
}

std::string CodedPackets::describe() const {
    const auto sps = info();
    return std::string(codecName(codec_)) + (sps.width > 0 ? ", " + base::sizeText(sps.width, sps.height) : std::string());
}

}  // namespace livepusher::capture
