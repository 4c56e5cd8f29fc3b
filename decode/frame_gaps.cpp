// SPDX-License-Identifier: MIT
#include "decode/frame_gaps.hpp"

#include "media/bit_reader.hpp"
#include "media/nal.hpp"

namespace livepusher::decode {

void FrameGaps::configure(std::span<const std::uint8_t> record) {
    sequences_ = {};
    pictures_.fill(-1);
    lengthSize_ = 0;
    restart();
    const auto read = base::readAvcConfig(record);
    if (!read) return;
    lengthSize_ = read->lengthSize;
    for (const auto set : read->sets) learn(set);
}

void FrameGaps::learn(base::Nal nal) {
    if (base::AvcNal::type(nal) == base::AvcNal::kSps) {
        if (const auto info = base::readAvcSps(nal))
            sequences_[static_cast<std::size_t>(info->id)] = {info->frameNumBits, info->frameNumGaps, info->separatePlanes};
    } else if (base::AvcNal::type(nal) == base::AvcNal::kPps) {
        base::BitReader in(nal.subspan(1));
        const auto id = in.unsignedGolomb(), sequence = in.unsignedGolomb();
        if (!in.overrun() && id < pictures_.size() && sequence < sequences_.size()) pictures_[id] = static_cast<int>(sequence);
    }
}

/// slice_header() as far as frame_num (§7.3.3).
std::optional<std::uint32_t> FrameGaps::read(base::Nal slice, Numbering& numbering) const {
    base::BitReader in(slice.subspan(1));
    in.unsignedGolomb();
    in.unsignedGolomb();
    const auto id = in.unsignedGolomb();
    if (in.overrun() || id >= pictures_.size() || pictures_[id] < 0) return std::nullopt;
    numbering = sequences_[static_cast<std::size_t>(pictures_[id])];
    if (numbering.bits == 0) return std::nullopt;
    if (numbering.planes) in.skip(2);
    const auto number = in.bits(numbering.bits);
    return in.overrun() ? std::nullopt : std::optional(number);
}

bool FrameGaps::missing(std::span<const std::uint8_t> unit) {
    if (lengthSize_ == 0) return false;
    for (const auto nal : base::splitLengths(unit, lengthSize_)) {
        if (nal.empty()) continue;
        const int type = base::AvcNal::type(nal);
        if (type != base::AvcNal::kSlice && type != base::AvcNal::kIdr) {
            learn(nal);
            continue;
        }
        Numbering numbering;
        const auto number = read(nal, numbering);
        if (!number) return false;
        const auto before = before_;
        const bool needed = (nal[0] >> 5 & 3) != 0;
        if (needed) before_ = number;
        if (type == base::AvcNal::kIdr || !before || numbering.gaps) return false;
        const auto next = (*before + 1) & ((1U << static_cast<unsigned>(numbering.bits)) - 1);
        return *number != *before && *number != next;
    }
    return false;
}

}  // namespace livepusher::decode
