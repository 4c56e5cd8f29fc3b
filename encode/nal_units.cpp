// SPDX-License-Identifier: MIT
#include "encode/nal_units.hpp"

#include <livepusher/message.hpp>

#include "base/big_endian.hpp"
#include "media/hevc_config.hpp"
#include "media/user_data.hpp"

#include <cstddef>

namespace livepusher::encode {

namespace {

void sort(NalUnits& into, base::Nal unit, VideoCodec codec) {
    using base::AvcNal;
    using base::HevcNal;
    const bool hevc = codec == VideoCodec::hevc;
    const int type = hevc ? HevcNal::type(unit) : AvcNal::type(unit);
    if (hevc ? type <= HevcNal::kLastSlice : type >= AvcNal::kSlice && type <= AvcNal::kIdr) into.slices.push_back(unit);
    if (hevc && type == HevcNal::kVps) into.vps.push_back(unit);
    if (type == (hevc ? HevcNal::kSps : AvcNal::kSps)) into.sps.push_back(unit);
    if (type == (hevc ? HevcNal::kPps : AvcNal::kPps)) into.pps.push_back(unit);
}

}  // namespace

NalUnits readNalUnits(std::span<const std::uint8_t> annexB, VideoCodec codec) {
    NalUnits out;
    for (const auto unit : base::splitStartCodes(annexB)) {
        if (unit.size() >= (codec == VideoCodec::hevc ? 2U : 1U)) sort(out, unit, codec);
    }
    return out;
}

std::optional<DecoderConfig> decoderConfig(const NalUnits& units, VideoCodec codec) {
    constexpr std::size_t kMost = 65535, kMostSps = 31, kMostPps = 255;
    const bool hevc = codec == VideoCodec::hevc;
    if (units.sps.empty() || units.sps.size() > kMostSps || units.pps.empty() || units.pps.size() > kMostPps) return std::nullopt;
    if (hevc && (units.vps.empty() || units.vps.size() > kMostPps)) return std::nullopt;
    for (const auto* sets : {&units.vps, &units.sps, &units.pps}) {
        for (const auto set : *sets) {
            if (set.size() > kMost) return std::nullopt;
        }
    }
    const auto info = hevc ? base::readHevcSps(units.sps[0]) : base::readAvcSps(units.sps[0]);
    if (!info) return std::nullopt;
    return DecoderConfig{hevc ? base::hevcConfig(units.vps, units.sps, units.pps) : base::avcConfig(units.sps, units.pps),
                         info->width, info->height};
}

std::vector<std::uint8_t> messageUnit(const std::string& text, VideoCodec codec) {
    return base::userDataUnit(kMessageUuid, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, codec);
}

void appendUnit(std::vector<std::uint8_t>& to, base::Nal unit) {
    base::appendBig<4>(to, unit.size());
    to.insert(to.end(), unit.begin(), unit.end());
}

}  // namespace livepusher::encode
