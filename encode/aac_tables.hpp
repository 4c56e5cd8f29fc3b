// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace livepusher::encode {

/// One codeword of AAC's Huffman coding, as far as it takes to pass it over.
struct AacCodeword {
    std::uint32_t value = 0;  ///< its bits, from the highest of the 32 down
    int length = 0;           ///< bits
    int signs = 0;            ///< bits that follow it
    int escapes = 0;          ///< escape sequences after those (ISO/IEC 14496-3 §4.6.3.3)
};

/// In the order of their values; together they begin every string of bits. The codewords are those that a decoder was
/// seen to take.
using AacBook = std::vector<AacCodeword>;

/// Of spectral coefficients, 1..11: four to a codeword up to 4, two from 5 on. [any-thread]
const AacBook& aacSpectrumBook(int number);
/// Of the difference of one scale factor from the last. [any-thread]
const AacBook& aacScaleFactorBook();

/// How many coefficients each scale factor band has (ISO/IEC 14496-3 §4.5.4); nothing for a rate that AAC encoders here do
/// not have. [any-thread]
std::span<const std::uint8_t> aacBands(int sampleRate, bool shortWindows);

}  // namespace livepusher::encode
