// SPDX-License-Identifier: MIT
#include "encode/coded_units.hpp"

#include "encode/av1_units.hpp"
#include "encode/nal_units.hpp"

namespace livepusher::encode {

std::optional<DecoderConfig> readDecoderConfig(std::span<const std::uint8_t> coded, VideoCodec codec) {
    if (codec != VideoCodec::av1) return decoderConfig(readNalUnits(coded, codec), codec);
    constexpr std::size_t kRecordHead = 4;  // some encoders give the record, whose first bit no OBU has
    if (coded.size() > kRecordHead && (coded[0] & 0x80) != 0) coded = coded.subspan(kRecordHead);
    return readAv1Sequence(coded);
}

std::vector<std::uint8_t> makeSample(std::span<const std::uint8_t> coded, VideoCodec codec,
                                     std::span<const std::string> messages) {
    if (codec == VideoCodec::av1) return av1Sample(coded);
    const auto units = readNalUnits(coded, codec);
    std::vector<std::uint8_t> out;
    if (units.slices.empty()) return out;
    out.reserve(coded.size() + 16);
    for (const auto& message : messages) appendUnit(out, messageUnit(message, codec));
    for (const auto slice : units.slices) appendUnit(out, slice);
    return out;
}

}  // namespace livepusher::encode
