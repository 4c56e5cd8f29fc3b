// SPDX-License-Identifier: MIT
#include "encode/aac_tables.hpp"

#include <array>
#include <cassert>
#include <string_view>

namespace livepusher::encode {

namespace {

// Of each codeword, in the order of their values: its length (a is 1), how many bits of signs follow, and a + for each
// escape sequence after those. Codewords that end in the same place whatever their last bits say are one here.
constexpr std::array<std::string_view, 11> kSpectra{
    "aeeeeeeeeggggggggggggggggggggggggiiiiiiiiiiiiiiiiiiiiiiiijjjjjjjjkkkkkkkkkkkkkkkk",
    "cdeeeeeeeffffffffffffffffffffffffggggggggggggggghhhhhhhhhhhhhhhhhhhiiiiiiiiiiiiii",
    "ab3d3e3f2f3f2f3g4g3g3g2g3h3i2i3i2i3i3i1h3i1i2i2i4h4i4j3j2j3j2j4j4i4j2j3i4i3j3k2k4j4k4k4k2k3k4k4l3l4l4l4l4l3m3n3n"
    "4n3o4o4o4o3o2o4",
    "d4d3c4d3d1d2dc3d3e1e2d2g4g4g4g4f4f4g3g4g4g4h3h2g3f4f4h2h1h1h2i4i4i4i4i4i4i4i4i4i4j3j4i4j3j4k4k4j3i4k4k3k3k4",
    "addddeeeegggghhhhhhhhhhhhiiiiiiiiiiiijjjjjjjjjjjjkkkkkkkkkkkkkkkkkkllllllllllmmmm",
    "dddddddddffffffffffffffffggggggggggggghhhhhhhhiiiiiiiiiiiiiiiiiiiiiiijjjjjjjjkkkk",
    "ab2d2f2f2e2g2g2g2g1g1h2h2h2h2h2h2h2h2g2i2i2i2i1i2i1i2i2i2i2i2i2i2i2j2j1j1j2j2j2j2j2j2j2j2j2j2j2j2j2k2k2k2k2k2k2l"
    "2l2l2l2",
    "c2d2d1d2d1d2ee1e1e2e2e2e2f2f2f2f2f2f1f1f2f2f2g2g2g2g2g2g2g2g1g2g1g2g2g2g2h2h2h2h1h2h1h2h2h2h2h2h2h2h2h2i2i2i1i2i"
    "1i2i2i2j2j1j1j2",
    "ab2d2f2f2e2g2g2g2g2h2h2h2h2h2h2i2i2h2i2i2i2i2i2i2i2j1j2j1j2j2j2j2j2j2j2j2j1j2j2j2j2j2j2j2j2k1k2k2k2k1k2k2k2k2k1k"
    "2k2k2k2j2k2k2k2k2k2k2k2k2k2k2k2k2k2k1k2l2l2l1l2l2l2l2l2l2l2l2l2l2l2l2l2l2l2l2l2l2l2l2l1l2l2l1l2l2l2l2l2l2l2l1l2l"
    "2l2m2m2m2m2m2m2m2m2m2m2m2m2m1m2m2m1m2m2m2m2m1m2m2m2m2m2m2m2m2m2m2m2n2n2n2n2n2n2n2n2n2n2n2n2n2n2o2o2o2o2",
    "d2d2d2e2e1e1e2e2e2e2e2e2f2f2f2f2ff2f2f1f1f2f2f2g2g2g2g2g2g2g2g2g2g1g2g1g2g2g2g2g2h2h2h2h2h2h2h2h1h2h1h2h2h2h2h2h"
    "2h2h2h2h2h2h2h2h2h2i2i2i2i1i2i2i2i2i2i1i2i2i2i2i2i2i2i2i2i2i2i2i2i2i2i2i2i1i2i1i2j2j2j2j2j2j2j1j2j2j2j2j2j2j1j2j"
    "2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j1j2j1j2j1j2j2j2j2j2k2k2k2k2k2k2k2k2k2k2k1k2k1k2k2k2k1k2k2k2k1k2l2l2l2l2l2l1l2l2",
    "dd2e2++e1e1e2e2e2f2f2f2f1f2f1f2g2g2g2g2g2g2f2g2g2g2g2g2g2g2g2h2h2h2h2h2h2h2h2+h2+h2+h2+h2+h2h2+h1h2h1h2+h2h2+h2+"
    "h2+h2+h2h2h2h2h2h2+h2+h2h2h2+h2+h2+h2h2h2+h2h2+h2+h2+h2h2+h2h2h2+h2+h2h2h2h1h2+h2+h2h2h2h2h1i2i2+i2+i2i2i2+i2i2+"
    "i2i2i2i2i2i2i2i2+i2i2i1i2i2i2i2i2i2i1i2i2i2i2i2i2i2i2i2i2i2i2i2i2i1i2i2i2i2i2i2i2i2i2i2i2i1+i2i2j2j2j2j2j1+j2j1j"
    "2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j1j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j1j2j2j2j2j2j2j"
    "2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2j2i2j2j2j2j2j2j2j2j2j2k2k2k2k2k2k2k2k2k2k2k2k2k2k2k2k2k2k1k2k2k1k2k1k2k2k"
    "2k1k2k2k2k2k2j2k2k2k2k2k1k2k2k1k2k2l2l1l1l2",
};
constexpr std::string_view kScaleFactors =
    "acdddeeffffggghhhhhiiiijjjjjjkkkkkkllllllmmmmmnnnnnnnnoooopppppppqqqrrrrrrrsssssssssssssssssssssssssssssssssssss"
    "sssssssss";

constexpr auto kLong48 = std::to_array<std::uint8_t>({4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  8,  8,  8,  8,  8,  8,  8,
                                                      12, 12, 12, 12, 16, 16, 20, 20, 24, 24, 28, 28, 32, 32, 32, 32, 32,
                                                      32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 96});
constexpr auto kLong32 = std::to_array<std::uint8_t>({4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  8,  8,  8,  8,  8,  8,  8,
                                                      12, 12, 12, 12, 16, 16, 20, 20, 24, 24, 28, 28, 32, 32, 32, 32, 32,
                                                      32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32});
constexpr auto kLong24 =
    std::to_array<std::uint8_t>({4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  12, 12, 12,
                                 12, 16, 16, 16, 20, 20, 24, 24, 28, 28, 32, 36, 36, 40, 44, 48, 52, 52, 64, 64, 64, 64, 64});
constexpr auto kLong16 =
    std::to_array<std::uint8_t>({8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  12, 12, 12, 12, 12, 12, 12, 12, 12, 16, 16,
                                 16, 16, 20, 20, 20, 24, 24, 28, 28, 32, 36, 40, 40, 44, 48, 52, 56, 60, 64, 64, 64});
constexpr auto kLong8 =
    std::to_array<std::uint8_t>({12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 16, 16, 16, 16, 16, 16, 16,
                                 20, 20, 20, 20, 24, 24, 24, 28, 28, 32, 36, 36, 40, 44, 48, 52, 56, 60, 64, 80});
constexpr auto kShort48 = std::to_array<std::uint8_t>({4, 4, 4, 4, 4, 8, 8, 8, 12, 12, 12, 16, 16, 16});
constexpr auto kShort24 = std::to_array<std::uint8_t>({4, 4, 4, 4, 4, 4, 4, 8, 8, 8, 12, 12, 16, 16, 20});
constexpr auto kShort16 = std::to_array<std::uint8_t>({4, 4, 4, 4, 4, 4, 4, 4, 8, 8, 12, 12, 16, 20, 20});
constexpr auto kShort8 = std::to_array<std::uint8_t>({4, 4, 4, 4, 4, 4, 4, 8, 8, 8, 8, 12, 16, 20, 20});

AacBook makeBook(std::string_view text) {
    constexpr int kWhole = 32;
    AacBook book;
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c == '+') {
            ++book.back().escapes;
        } else if (c <= '9') {
            book.back().signs = c - '0';
        } else {
            const int length = c - 'a' + 1;
            book.push_back({.value = static_cast<std::uint32_t>(value), .length = length});
            value += std::uint64_t{1} << (kWhole - length);
        }
    }
    assert(value == std::uint64_t{1} << kWhole);  // every string of bits begins with a codeword
    return book;
}

}  // namespace

const AacBook& aacSpectrumBook(int number) {
    static const auto kBooks = [] {
        std::array<AacBook, kSpectra.size()> made;
        for (std::size_t i = 0; i < made.size(); ++i) made[i] = makeBook(kSpectra[i]);
        return made;
    }();
    return kBooks.at(static_cast<std::size_t>(number - 1));
}

const AacBook& aacScaleFactorBook() {
    static const auto kBook = makeBook(kScaleFactors);
    return kBook;
}

std::span<const std::uint8_t> aacBands(int sampleRate, bool shortWindows) {
    switch (sampleRate) {
        case 48000:
        case 44100: return shortWindows ? std::span<const std::uint8_t>(kShort48) : kLong48;
        case 32000: return shortWindows ? std::span<const std::uint8_t>(kShort48) : kLong32;
        case 24000:
        case 22050: return shortWindows ? std::span<const std::uint8_t>(kShort24) : kLong24;
        case 16000:
        case 12000:
        case 11025: return shortWindows ? std::span<const std::uint8_t>(kShort16) : kLong16;
        case 8000: return shortWindows ? std::span<const std::uint8_t>(kShort8) : kLong8;
        default: return {};
    }
}

}  // namespace livepusher::encode
