// SPDX-License-Identifier: MIT
#include "media/hevc_config.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "media/bit_reader.hpp"
#include "media/parameter_sets.hpp"

namespace livepusher::base {
namespace {

constexpr int kGeneralProfile = 96;  // bits of profile_tier_level() before the sub-layers: profile 88, level 8

/// profile_tier_level() (§7.3.3), the general part already read.
void skipSubLayers(BitReader& in, int more) {
    std::array<bool, 7> profile{}, level{};
    for (int i = 0; i < more; ++i) {
        profile[static_cast<std::size_t>(i)] = in.flag();
        level[static_cast<std::size_t>(i)] = in.flag();
    }
    if (more > 0) in.skip(2 * (8 - more));
    for (int i = 0; i < more; ++i) {
        if (profile[static_cast<std::size_t>(i)]) in.skip(88);
        if (level[static_cast<std::size_t>(i)]) in.skip(8);
    }
}

/// scaling_list_data() (§7.3.4).
void skipScalingLists(BitReader& in) {
    for (int size = 0; size < 4; ++size)
        for (int matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
            if (!in.flag()) {
                in.unsignedGolomb();
                continue;
            }
            if (size > 1) in.signedGolomb();
            for (int i = 0; i < std::min(64, 1 << (4 + 2 * size)) && !in.overrun(); ++i) in.signedGolomb();
        }
}

/// st_ref_pic_set() number `index` (§7.3.7) of those in an SPS; what it returns is its NumDeltaPocs. False in `good`:
/// more pictures than there can be.
std::uint32_t skipReferences(BitReader& in, std::uint32_t index, std::uint32_t before, bool& good) {
    if (index > 0 && in.flag()) {
        in.skip(1);
        in.unsignedGolomb();
        std::uint32_t count = 0;
        for (std::uint32_t i = 0; i <= before; ++i) {
            const bool used = in.flag();
            if (used || in.flag()) ++count;
        }
        good = good && count <= 16;
        return count;
    }
    const auto negative = in.unsignedGolomb(), positive = in.unsignedGolomb();
    good = good && negative <= 16 && positive <= 16;
    for (std::uint32_t i = 0; good && i < negative + positive; ++i) {
        in.unsignedGolomb();
        in.skip(1);
    }
    return negative + positive;
}

/// vui_parameters() as far as the timing (§E.2.1).
double readHevcRate(BitReader& in) {
    skipVuiPicture(in);
    in.skip(3);
    if (in.flag())
        for (int edge = 0; edge < 4; ++edge) in.unsignedGolomb();
    if (!in.flag()) return 0;
    const double units = in.bits(32), scale = in.bits(32);
    return units > 0 && !in.overrun() ? scale / units : 0;
}

/// What stands between the size and the VUI (§7.3.2.2.1). False: it can't be read.
bool skipCoding(BitReader& in, int moreLayers) {
    const auto orderBits = in.unsignedGolomb() + 4;
    if (orderBits > 16) return false;
    for (int layer = in.flag() ? 0 : moreLayers; layer <= moreLayers; ++layer)
        for (int i = 0; i < 3; ++i) in.unsignedGolomb();
    for (int i = 0; i < 6; ++i) in.unsignedGolomb();
    if (in.flag() && in.flag()) skipScalingLists(in);
    in.skip(2);
    if (in.flag()) {  // PCM
        in.skip(8);
        in.unsignedGolomb();
        in.unsignedGolomb();
        in.skip(1);
    }
    const auto sets = in.unsignedGolomb();
    if (sets > 64) return false;
    bool good = true;
    for (std::uint32_t i = 0, before = 0; i < sets && good && !in.overrun(); ++i) before = skipReferences(in, i, before, good);
    if (!good) return false;
    if (in.flag()) {  // long-term references
        const auto count = in.unsignedGolomb();
        if (count > 32) return false;
        in.skip(static_cast<int>(count * (orderBits + 1)));
    }
    in.skip(2);
    return !in.overrun();
}

/// The 12 bytes of the general profile, tier and level, without emulation prevention.
std::array<std::uint8_t, kGeneralProfile / 8> generalProfile(Nal sps) {
    BitReader in(sps.subspan(3));
    std::array<std::uint8_t, kGeneralProfile / 8> bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(in.bits(8));
    return bytes;
}

void append(std::vector<std::uint8_t>& to, int type, std::span<const Nal> nals) {
    assert(nals.size() < 65536);
    to.push_back(static_cast<std::uint8_t>(0x80 | type));  // all of that type are here
    appendBig<2>(to, nals.size());
    for (const auto& nal : nals) appendSet(to, nal);
}

}  // namespace

std::optional<SpsInfo> readHevcSps(Nal sps) {
    if (sps.size() < 3 || HevcNal::type(sps) != HevcNal::kSps) return std::nullopt;
    SpsInfo info;
    BitReader in(sps.subspan(2));
    in.skip(4);
    const int moreLayers = static_cast<int>(in.bits(3));
    if (moreLayers > 6) return std::nullopt;
    in.skip(1 + kGeneralProfile);
    skipSubLayers(in, moreLayers);
    info.id = static_cast<int>(in.unsignedGolomb());
    info.chromaFormat = static_cast<int>(in.unsignedGolomb());
    const bool planes = info.chromaFormat == 3 && in.flag();
    const auto width = in.unsignedGolomb(), height = in.unsignedGolomb();
    if (info.id < 0 || info.id > 15 || width > 16384 || height > 16384) return std::nullopt;
    info.width = static_cast<int>(width);
    info.height = static_cast<int>(height);
    readCrop(in, info, planes);
    info.lumaDepth = static_cast<int>(in.unsignedGolomb()) + 8;
    info.chromaDepth = static_cast<int>(in.unsignedGolomb()) + 8;
    if (in.overrun() || info.width <= 0 || info.height <= 0 || !plausibleFormat(info)) return std::nullopt;
    if (skipCoding(in, moreLayers) && in.flag()) info.fps = readHevcRate(in);
    return info;
}

std::vector<std::uint8_t> hevcConfig(std::span<const Nal> vps, std::span<const Nal> sps, std::span<const Nal> pps) {
    assert(!vps.empty() && !sps.empty() && !pps.empty());
    const auto info = readHevcSps(sps[0]).value_or(SpsInfo{});
    const auto profile = generalProfile(sps[0]);
    BitReader head(sps[0].subspan(2));
    head.skip(4);
    const auto layers = head.bits(3) + 1;
    const auto nested = head.bit();
    std::vector<std::uint8_t> record{1};
    record.insert(record.end(), profile.begin(), profile.end());
    record.insert(record.end(),
                  {0xf0, 0,  // segmentation and ...
                   0xfc,     // ... parallelism not told
                   static_cast<std::uint8_t>(0xfc | info.chromaFormat), static_cast<std::uint8_t>(0xf8 | (info.lumaDepth - 8)),
                   static_cast<std::uint8_t>(0xf8 | (info.chromaDepth - 8)), 0, 0,  // rate not told
                   static_cast<std::uint8_t>(layers << 3U | nested << 2U | 3U),     // lengths of 4 bytes
                   3});
    append(record, HevcNal::kVps, vps);
    append(record, HevcNal::kSps, sps);
    append(record, HevcNal::kPps, pps);
    return record;
}

std::optional<AvcRecord> readHevcConfig(std::span<const std::uint8_t> record) {
    if (record.size() < 23 || record[0] != 1) return std::nullopt;
    AvcRecord read{.lengthSize = (record[21] & 3) + 1, .sets = {}};
    auto rest = record.subspan(23);
    for (int arrays = record[22]; arrays > 0; --arrays) {
        if (rest.size() < 3) return std::nullopt;
        const auto count = static_cast<int>(readBig(rest.subspan(1, 2)));
        rest = rest.subspan(3);
        if (!takeSets(rest, count, read)) return std::nullopt;
    }
    return read;
}

}  // namespace livepusher::base
