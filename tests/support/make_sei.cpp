// SPDX-License-Identifier: MIT
#include "make_sei.hpp"

#include <string>

namespace livepusher::capture {
namespace {

std::vector<std::uint8_t> packed(std::string bits) {
    bits += '1';  // payload_bit_equal_to_one, then zeros
    while (bits.size() % 8 != 0) bits += '0';
    std::vector<std::uint8_t> bytes;
    for (std::size_t at = 0; at < bits.size(); at += 8)
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(bits.substr(at, 8), nullptr, 2)));
    return bytes;
}

}  // namespace

std::vector<std::uint8_t> makeSei(VideoCodec codec, const SeiRecipe& recipe) {
    const bool hevc = codec == VideoCodec::hevc;
    std::string bits = recipe.cancel ? "1" : "0";
    if (!recipe.cancel) {
        bits += recipe.horizontal ? '1' : '0';
        bits += recipe.vertical ? '1' : '0';
        for (int bit = 15; bit >= 0; --bit) bits += (recipe.anticlockwise >> bit & 1) != 0 ? '1' : '0';
        bits += hevc ? "1" : "010";  // it persists: a flag, or a period of 1
    }
    if (!hevc) bits += '0';  // no extension
    const auto payload = packed(bits);
    std::vector<std::uint8_t> plain;
    for (int i = 0; i < recipe.othersBefore; ++i) {
        const std::vector<std::uint8_t> other(300, 0);  // zeros ask for emulation prevention
        plain.insert(plain.end(), {5, 255, 45});
        plain.insert(plain.end(), other.begin(), other.end());
    }
    plain.push_back(47);
    plain.push_back(static_cast<std::uint8_t>(payload.size()));
    plain.insert(plain.end(), payload.begin(), payload.end());
    plain.push_back(0x80);
    std::vector<std::uint8_t> nal = hevc ? std::vector<std::uint8_t>{39 << 1, 1} : std::vector<std::uint8_t>{6};
    int zeros = 0;
    for (const auto byte : plain) {
        if (zeros >= 2 && byte <= 3) {
            nal.push_back(3);
            zeros = 0;
        }
        nal.push_back(byte);
        zeros = byte == 0 ? zeros + 1 : 0;
    }
    return nal;
}

}  // namespace livepusher::capture
