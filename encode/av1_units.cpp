// SPDX-License-Identifier: MIT
#include "encode/av1_units.hpp"

#include <cstddef>

namespace livepusher::encode {

namespace {

// AV1 §6.2.2: types of OBU.
constexpr int kSequenceHeader = 1;
constexpr int kTemporalDelimiter = 2;
constexpr int kPadding = 15;

struct Unit {
    int type = 0;
    std::span<const std::uint8_t> whole, payload;
};

/// ObuBits as they stand; base::BitReader is for NAL units, which have bytes between them. Past the end it reads zeros.
class ObuBits {
public:
    explicit ObuBits(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    bool flag() { return bits(1) != 0; }
    std::uint32_t bits(int count) {
        std::uint32_t value = 0;
        for (int i = 0; i < count; ++i, ++at_)
            value = value << 1 | (at_ / 8 < bytes_.size() ? std::uint32_t{bytes_[at_ / 8]} >> (7 - at_ % 8) & 1U : 0U);
        return value;
    }
    void skip(int count) { at_ += static_cast<std::size_t>(count); }
    bool overrun() const { return at_ > bytes_.size() * 8; }

private:
    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
};

/// The first of `units`, which then begin behind it (AV1 §5.3). Its size stands in it, or it is the last.
std::optional<Unit> takeUnit(std::span<const std::uint8_t>& units) {
    if (units.empty()) return std::nullopt;
    const std::uint8_t head = units[0];
    const bool extended = head & 4, sized = head & 2;
    std::size_t at = extended ? 2 : 1;
    std::size_t size = 0;
    if (sized) {
        constexpr int kMostBytes = 4;  // of the eight that LEB128 may have: 256 MiB
        for (int i = 0;; ++i, ++at) {
            if (at >= units.size() || i == kMostBytes) return std::nullopt;
            size |= std::size_t{units[at] & 0x7FU} << 7 * i;
            if ((units[at] & 0x80) == 0) break;
        }
        ++at;
    } else {
        size = units.size() > at ? units.size() - at : 0;
    }
    if (at + size > units.size()) return std::nullopt;
    const Unit unit{head >> 3 & 15, units.first(at + size), units.subspan(at, size)};
    units = units.subspan(at + size);
    return unit;
}

/// What the record repeats of the sequence header (AV1 §5.5), and the size.
struct Header {
    std::uint32_t profile = 0, level = 0, tier = 0;
    bool highBitDepth = false, twelveBit = false, monochrome = false, subsamplingX = true, subsamplingY = true;
    std::uint32_t samplePosition = 0;
    int width = 0, height = 0;
};

void readOperatingPoints(ObuBits& in, Header& out) {
    bool decoderModel = false;
    int delayBits = 0;
    if (in.flag()) {      // timing_info
        in.skip(64);      // num_units_in_display_tick, time_scale
        if (in.flag()) {  // equal_picture_interval: uvlc
            int zeros = 0;
            while (zeros < 32 && !in.flag()) ++zeros;
            in.skip(zeros);
        }
        decoderModel = in.flag();
        if (decoderModel) {
            delayBits = static_cast<int>(in.bits(5)) + 1;
            in.skip(32 + 10);
        }
    }
    const bool displayDelay = in.flag();
    const auto points = in.bits(5) + 1;
    for (std::uint32_t i = 0; i < points; ++i) {
        in.skip(12);
        const auto level = in.bits(5);
        const auto tier = level > 7 ? in.bits(1) : 0;
        if (i == 0) {
            out.level = level;
            out.tier = tier;
        }
        if (decoderModel && in.flag()) in.skip(2 * delayBits + 1);
        if (displayDelay && in.flag()) in.skip(4);
    }
}

void readTools(ObuBits& in, bool reduced) {
    if (!reduced && in.flag()) in.skip(4 + 3);  // frame_id_numbers_present
    in.skip(3);                                 // 128x128 superblocks, filter_intra, intra_edge_filter
    if (!reduced) {
        in.skip(4);  // interintra, masked, warped, dual filter
        const bool orderHint = in.flag();
        if (orderHint) in.skip(2);
        const bool chooseScreen = in.flag();
        const auto screen = chooseScreen ? 2 : in.bits(1);
        if (screen > 0 && !in.flag()) in.skip(1);  // seq_choose_integer_mv, seq_force_integer_mv
        if (orderHint) in.skip(3);
    }
    in.skip(3);  // superres, cdef, restoration
}

void readColour(ObuBits& in, Header& out) {
    out.highBitDepth = in.flag();
    if (out.profile == 2 && out.highBitDepth) out.twelveBit = in.flag();
    if (out.profile != 1) out.monochrome = in.flag();
    std::uint32_t primaries = 2, transfer = 2, matrix = 2;
    if (in.flag()) {
        primaries = in.bits(8);
        transfer = in.bits(8);
        matrix = in.bits(8);
    }
    if (out.monochrome) return in.skip(1);
    if (primaries == 1 && transfer == 13 && matrix == 0) {  // sRGB
        out.subsamplingX = out.subsamplingY = false;
        return;
    }
    in.skip(1);  // color_range
    if (out.profile == 1) out.subsamplingX = out.subsamplingY = false;
    if (out.profile == 2) {
        out.subsamplingX = !out.twelveBit || in.flag();
        out.subsamplingY = out.twelveBit && out.subsamplingX && in.flag();
    }
    if (out.subsamplingX && out.subsamplingY) out.samplePosition = in.bits(2);
}

std::optional<Header> readHeader(std::span<const std::uint8_t> payload) {
    ObuBits in(payload);
    Header out;
    out.profile = in.bits(3);
    in.skip(1);  // still_picture
    const bool reduced = in.flag();
    if (reduced)
        out.level = in.bits(5);
    else
        readOperatingPoints(in, out);
    const int widthBits = static_cast<int>(in.bits(4)) + 1, heightBits = static_cast<int>(in.bits(4)) + 1;
    out.width = static_cast<int>(in.bits(widthBits)) + 1;
    out.height = static_cast<int>(in.bits(heightBits)) + 1;
    readTools(in, reduced);
    readColour(in, out);
    if (in.overrun()) return std::nullopt;
    return out;
}

}  // namespace

std::optional<DecoderConfig> readAv1Sequence(std::span<const std::uint8_t> units) {
    while (const auto unit = takeUnit(units)) {
        if (unit->type != kSequenceHeader) continue;
        const auto h = readHeader(unit->payload);
        if (!h) return std::nullopt;
        const auto bit = [](bool value, int at) { return value ? 1U << at : 0U; };
        DecoderConfig out{.record = {0x81, static_cast<std::uint8_t>(h->profile << 5 | h->level),
                                     static_cast<std::uint8_t>(h->tier << 7 | bit(h->highBitDepth, 6) | bit(h->twelveBit, 5) |
                                                               bit(h->monochrome, 4) | bit(h->subsamplingX, 3) |
                                                               bit(h->subsamplingY, 2) | h->samplePosition),
                                     0},
                          .width = h->width,
                          .height = h->height};
        out.record.insert(out.record.end(), unit->whole.begin(), unit->whole.end());
        return out;
    }
    return std::nullopt;
}

std::vector<std::uint8_t> av1Sample(std::span<const std::uint8_t> units) {
    std::vector<std::uint8_t> out;
    out.reserve(units.size());
    while (!units.empty()) {
        const auto unit = takeUnit(units);
        if (!unit) return {};
        if (unit->type != kTemporalDelimiter && unit->type != kPadding)
            out.insert(out.end(), unit->whole.begin(), unit->whole.end());
    }
    return out;
}

}  // namespace livepusher::encode
