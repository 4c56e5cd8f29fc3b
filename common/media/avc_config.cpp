// SPDX-License-Identifier: MIT
#include "media/avc_config.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "media/bit_reader.hpp"
#include "media/parameter_sets.hpp"

namespace livepusher::base {
namespace {

constexpr std::array kHighProfiles{100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135};

bool isHigh(int profile) { return std::ranges::find(kHighProfiles, profile) != kHighProfiles.end(); }

void skipScalingList(BitReader& in, int size) {
    int last = 8, next = 8;
    for (int i = 0; i < size && !in.overrun(); ++i) {
        if (next != 0) next = (last + in.signedGolomb()) & 0xff;
        last = next == 0 ? last : next;
    }
}

void readFormat(BitReader& in, SpsInfo& info, bool& planes) {
    const auto small = [&in] {
        return static_cast<int>(std::min<std::uint64_t>(in.unsignedGolomb(), 64));
    };  // all that has a meaning
    info.chromaFormat = small();
    planes = info.chromaFormat == 3 && in.flag();
    info.lumaDepth = small() + 8;
    info.chromaDepth = small() + 8;
    in.skip(1);
    if (!in.flag()) return;
    for (int i = 0; i < (info.chromaFormat == 3 ? 12 : 8); ++i)
        if (in.flag()) skipScalingList(in, i < 6 ? 16 : 64);
}

void skipOrderCount(BitReader& in) {
    const auto kind = in.unsignedGolomb();
    if (kind == 0) in.unsignedGolomb();
    if (kind != 1) return;
    in.skip(1);
    in.signedGolomb();
    in.signedGolomb();
    for (auto count = in.unsignedGolomb(); count > 0 && !in.overrun(); --count) in.signedGolomb();
}

/// vui_parameters() as far as the timing (§E.1.1).
double readAvcRate(BitReader& in) {
    skipVuiPicture(in);
    if (!in.flag()) return 0;
    const double units = in.bits(32), scale = in.bits(32);
    return units > 0 && !in.overrun() ? scale / units / 2 : 0;
}

}  // namespace

bool plausibleFormat(const SpsInfo& info) {
    const auto depth = [](int bits) { return bits >= 8 && bits <= 16; };
    return info.chromaFormat >= 0 && info.chromaFormat <= 3 && depth(info.lumaDepth) && depth(info.chromaDepth);
}

std::optional<SpsInfo> readAvcSps(Nal sps) {
    if (sps.size() < 4 || AvcNal::type(sps) != AvcNal::kSps) return std::nullopt;
    SpsInfo info;
    BitReader in(sps.subspan(4));
    info.id = static_cast<int>(in.unsignedGolomb());
    bool planes = false;
    if (isHigh(sps[1])) readFormat(in, info, planes);
    if (info.id < 0 || info.id > 31 || !plausibleFormat(info)) return std::nullopt;
    const auto numberBits = in.unsignedGolomb();  // minus 4
    if (numberBits > 12) return std::nullopt;
    info.frameNumBits = static_cast<int>(numberBits) + 4;
    info.separatePlanes = planes;
    skipOrderCount(in);
    in.unsignedGolomb();
    info.frameNumGaps = in.flag();
    const auto columns = in.unsignedGolomb(), rows = in.unsignedGolomb();
    const int fields = in.flag() ? 1 : 2;
    if (columns > 1023 || rows > 1023) return std::nullopt;
    info.width = static_cast<int>(columns + 1) * 16;
    info.height = static_cast<int>(rows + 1) * 16 * fields;
    if (fields == 2) in.skip(1);
    in.skip(1);
    readCrop(in, info, planes, fields);
    if (in.flag()) info.fps = readAvcRate(in);
    if (in.overrun() || info.width <= 0 || info.height <= 0) return std::nullopt;
    return info;
}

std::vector<std::uint8_t> avcConfig(std::span<const Nal> sps, std::span<const Nal> pps) {
    assert(!sps.empty() && sps[0].size() >= 4 && sps.size() < 32 && !pps.empty() && pps.size() < 256);
    const auto profile = sps[0][1];
    std::vector<std::uint8_t> record{1,
                                     profile,
                                     sps[0][2],
                                     sps[0][3],
                                     0xff,  // reserved bits, lengths of 4 bytes
                                     static_cast<std::uint8_t>(0xe0U | sps.size())};
    for (const auto& set : sps) appendSet(record, set);
    record.push_back(static_cast<std::uint8_t>(pps.size()));
    for (const auto& set : pps) appendSet(record, set);
    if (!isHigh(profile)) return record;
    const auto info = readAvcSps(sps[0]).value_or(SpsInfo{});
    record.push_back(static_cast<std::uint8_t>(0xfc | info.chromaFormat));
    record.push_back(static_cast<std::uint8_t>(0xf8 | (info.lumaDepth - 8)));
    record.push_back(static_cast<std::uint8_t>(0xf8 | (info.chromaDepth - 8)));
    record.push_back(0);  // no SPS extension
    return record;
}

std::optional<AvcRecord> readAvcConfig(std::span<const std::uint8_t> record) {
    if (record.size() < 7 || record[0] != 1) return std::nullopt;
    AvcRecord read{.lengthSize = (record[4] & 3) + 1, .sets = {}};
    auto rest = record.subspan(5);
    for (const int mask : {0x1f, 0xff}) {
        if (rest.empty()) return std::nullopt;
        const int count = rest[0] & mask;
        rest = rest.subspan(1);
        if (!takeSets(rest, count, read)) return std::nullopt;
    }
    return read;
}

}  // namespace livepusher::base
