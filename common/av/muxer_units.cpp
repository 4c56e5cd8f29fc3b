// SPDX-License-Identifier: MIT
#include "av/muxer_units.hpp"

#include <optional>

#include "base/big_endian.hpp"
#include "media/avc_config.hpp"
#include "media/hevc_config.hpp"
#include "media/nal.hpp"

namespace livepusher::capture {

namespace {

void append(std::vector<std::uint8_t>& to, base::Nal unit, NalForm form) {
    base::appendBig<4>(to, form == NalForm::Lengths ? unit.size() : 1);
    to.insert(to.end(), unit.begin(), unit.end());
}

bool isDelimiter(base::Nal unit, VideoCodec codec) {
    return codec == VideoCodec::hevc ? base::HevcNal::type(unit) == base::HevcNal::kDelimiter
                                     : base::AvcNal::type(unit) == base::AvcNal::kDelimiter;
}

}  // namespace

std::vector<std::uint8_t> containedUnits(const Packet& picture, std::span<const std::uint8_t> record, VideoCodec codec,
                                         NalForm form) {
    std::vector<std::uint8_t> out;
    if (!picture.data) return out;
    std::span<const base::Nal> units;
    const auto split = base::splitLengths(*picture.data);
    units = split;
    if (units.empty()) return out;
    out.reserve(picture.data->size() + record.size() + 16);
    if (isDelimiter(units.front(), codec)) {  // stands before all else
        append(out, units.front(), form);
        units = units.subspan(1);
    }
    if (picture.kind == Packet::Kind::Key) {
        const auto read = codec == VideoCodec::hevc ? base::readHevcConfig(record) : base::readAvcConfig(record);
        if (read)
            for (const auto& set : read->sets) append(out, set, form);
    }
    for (const auto& unit : units) append(out, unit, form);
    return out;
}

}  // namespace livepusher::capture
