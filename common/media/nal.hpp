// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace livepusher::base {

/// A NAL unit of H.264 or HEVC, without start code or length.
using Nal = std::span<const std::uint8_t>;

/// nal_unit_type (ITU-T H.264 table 7-1).
struct AvcNal {
    static constexpr int kSlice = 1, kIdr = 5, kSei = 6, kSps = 7, kPps = 8, kDelimiter = 9, kFiller = 12;
    static int type(Nal nal) { return nal[0] & 0x1f; }
};

/// nal_unit_type (ITU-T H.265 table 7-1).
struct HevcNal {
    static constexpr int kLastSlice = 31, kFirstIrap = 16, kLastIrap = 23;
    static constexpr int kVps = 32, kSps = 33, kPps = 34, kDelimiter = 35, kFiller = 38, kPrefixSei = 39;
    static int type(Nal nal) { return nal[0] >> 1 & 0x3f; }
};

/// The NAL units between start codes (Annex B); empty when `data` doesn't begin with one. [any-thread]
std::vector<Nal> splitStartCodes(std::span<const std::uint8_t> data);

/// The NAL units behind lengths of `lengthSize` bytes; empty unless they fill `data` exactly. [any-thread]
std::vector<Nal> splitLengths(std::span<const std::uint8_t> data, int lengthSize = 4);

/// Of either form, told apart by itself, with lengths of 4 bytes. Empty: it is neither. [any-thread]
std::vector<Nal> splitNals(std::span<const std::uint8_t> data);

}  // namespace livepusher::base
