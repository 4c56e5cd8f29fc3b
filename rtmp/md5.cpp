// SPDX-License-Identifier: MIT
#include "rtmp/md5.hpp"

#include "base/base64.hpp"

#include <bit>
#include <cmath>
#include <cstddef>

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kBlock = 64;
using State = std::array<std::uint32_t, 4>;

// RFC 1321 §3.4: T[i] is the integer part of 2^32 times abs(sin(i)).
const std::array<std::uint32_t, 64>& sines() {
    static const auto table = [] {
        std::array<std::uint32_t, 64> made{};
        for (std::size_t i = 0; i < made.size(); ++i)
            made[i] = static_cast<std::uint32_t>(std::floor(std::ldexp(std::fabs(std::sin(static_cast<double>(i + 1))), 32)));
        return made;
    }();
    return table;
}

constexpr std::array<std::array<int, 4>, 4> kTurns{{{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

void digestBlock(State& state, std::string_view block) {
    std::array<std::uint32_t, 16> words{};
    for (std::size_t i = 0; i < kBlock; ++i) words[i / 4] |= std::uint32_t{static_cast<std::uint8_t>(block[i])} << 8 * (i % 4);
    auto [a, b, c, d] = state;
    for (std::size_t i = 0; i < kBlock; ++i) {
        const std::size_t round = i / 16;
        std::uint32_t mixed = 0;
        std::size_t word = i;
        if (round == 0) {
            mixed = (b & c) | (~b & d);
        } else if (round == 1) {
            mixed = (b & d) | (c & ~d);
            word = 5 * i + 1;
        } else if (round == 2) {
            mixed = b ^ c ^ d;
            word = 3 * i + 5;
        } else {
            mixed = c ^ (b | ~d);
            word = 7 * i;
        }
        const auto turned = b + std::rotl(a + mixed + words[word % 16] + sines()[i], kTurns[round][i % 4]);
        a = d;
        d = c;
        c = b;
        b = turned;
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
}

}  // namespace

std::array<std::uint8_t, 16> md5(std::string_view text) {
    std::string padded(text);
    padded += '\x80';
    padded.resize((padded.size() + 8 + kBlock - 1) / kBlock * kBlock - 8);
    const std::uint64_t bits = std::uint64_t{text.size()} * 8;
    for (int i = 0; i < 8; ++i) padded += static_cast<char>(bits >> 8 * i & 0xFF);

    State state{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};
    for (std::size_t at = 0; at < padded.size(); at += kBlock) digestBlock(state, std::string_view(padded).substr(at, kBlock));
    std::array<std::uint8_t, 16> digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(state[i / 4] >> 8 * (i % 4) & 0xFF);
    return digest;
}

std::string md5Hex(std::string_view text) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const auto byte : md5(text)) out.append({kDigits[byte >> 4], kDigits[byte & 15U]});
    return out;
}

std::string md5Base64(std::string_view text) {
    const auto digest = md5(text);
    return base::base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace livepusher::rtmp
