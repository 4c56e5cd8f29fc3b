// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/big_endian.hpp"
#include "media/avc_config.hpp"
#include "media/bit_reader.hpp"

namespace livepusher::base {

// What H.264 and H.265 write alike.

/// The beginning of vui_parameters() (ITU-T H.264 §E.1.1, H.265 §E.2.1): aspect, overscan, colours and chroma's place.
inline void skipVuiPicture(BitReader& in) {
    constexpr std::uint32_t kExtendedAspect = 255;
    if (in.flag() && in.bits(8) == kExtendedAspect) in.skip(32);
    if (in.flag()) in.skip(1);
    if (in.flag()) {
        in.skip(4);
        if (in.flag()) in.skip(24);
    }
    if (in.flag()) {
        in.unsignedGolomb();
        in.unsignedGolomb();
    }
}

/// frame_cropping_flag or conformance_window_flag and, where it is set, the edges that `info`'s size goes without: in pixels of
/// chroma, but where each plane is coded for itself, and down in those of a field where there are two (H.264 §7.4.2.1.1, H.265
/// §7.4.3.2.1).
inline void readCrop(BitReader& in, SpsInfo& info, bool planes, int fields = 1) {
    if (!in.flag()) return;
    const int across = !planes && (info.chromaFormat == 1 || info.chromaFormat == 2) ? 2 : 1;
    const int down = (!planes && info.chromaFormat == 1 ? 2 : 1) * fields;
    std::array<std::uint32_t, 4> crop{};
    for (auto& edge : crop) edge = std::min<std::uint32_t>(in.unsignedGolomb(), 1U << 14U);
    info.width -= static_cast<int>(crop[0] + crop[1]) * across;
    info.height -= static_cast<int>(crop[2] + crop[3]) * down;
}

/// Appends a parameter set behind its length, as takeSets() takes it.
inline void appendSet(std::vector<std::uint8_t>& to, Nal set) {
    assert(!set.empty() && set.size() < 65536);
    appendBig<2>(to, set.size());
    to.insert(to.end(), set.begin(), set.end());
}

/// Moves so many parameter sets, each behind its length in 16 bits, from the front of `rest` to the end of `read`
/// (ISO/IEC 14496-15 §5.3.3.1, §8.3.3.1). False: one is empty or longer than what there is.
inline bool takeSets(std::span<const std::uint8_t>& rest, int count, AvcRecord& read) {
    for (; count > 0; --count) {
        if (rest.size() < 2) return false;
        const auto length = static_cast<std::size_t>(readBig(rest.first(2)));
        if (length == 0 || length > rest.size() - 2) return false;
        read.sets.push_back(rest.subspan(2, length));
        rest = rest.subspan(2 + length);
    }
    return true;
}

}  // namespace livepusher::base
