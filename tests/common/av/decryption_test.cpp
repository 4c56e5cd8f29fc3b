// SPDX-License-Identifier: MIT
#include "av/decryption.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

extern "C" {
#include <libavutil/error.h>
}

namespace livepusher::capture {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr const char* kKey = "000102030405060708090a0b0c0d0e0f";
constexpr const char* kIv = "F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF";

Bytes encrypted(Bytes clear) {
    const auto padding = 16 - clear.size() % 16;
    clear.insert(clear.end(), padding, static_cast<std::uint8_t>(padding));
    Bytes key(16), iv(16), out(clear.size());
    for (std::size_t i = 0; i < 16; ++i) {
        key[i] = static_cast<std::uint8_t>(i);
        iv[i] = static_cast<std::uint8_t>(0xF0 + i);
    }
    const std::unique_ptr<AVAES, void (*)(void*)> aes(av_aes_alloc(), av_free);
    av_aes_init(aes.get(), key.data(), 128, 0);
    av_aes_crypt(aes.get(), out.data(), clear.data(), static_cast<int>(clear.size() / 16), iv.data(), 0);
    return out;
}

/// Gives `bytes` in pieces, then `end`.
Decryption::Source inPieces(const Bytes& bytes, std::size_t piece, int end = AVERROR_EOF) {
    return [&bytes, piece, end, at = std::size_t{0}](std::uint8_t* to, int most) mutable {
        const auto count = std::min({piece, static_cast<std::size_t>(most), bytes.size() - at});
        std::copy_n(bytes.data() + at, count, to);
        at += count;
        return count == 0 ? end : static_cast<int>(count);
    };
}

/// All that comes, and what ended it.
std::pair<Bytes, int> readAll(Decryption& decryption, const Decryption::Source& source, int size) {
    Bytes all, part(static_cast<std::size_t>(size));
    for (;;) {
        const int got = decryption.read(part.data(), size, source);
        if (got < 0) return {all, got};
        all.insert(all.end(), part.begin(), part.begin() + got);
    }
}

TEST(Decryption, GivesWhatWasEncryptedWhateverItsLengthAndHoweverItComes) {
    for (const std::size_t length : {0, 1, 15, 16, 17, 4095, 4096, 4097, 10'000}) {
        Bytes clear(length);
        for (std::size_t i = 0; i < length; ++i) clear[i] = static_cast<std::uint8_t>(i * i / 7);
        const auto coded = encrypted(clear);
        for (const std::size_t piece : {1, 16, 31, 100'000}) {
            SCOPED_TRACE(std::to_string(length) + " bytes by " + std::to_string(piece));
            auto decryption = Decryption::make(kKey, kIv);
            ASSERT_TRUE(decryption);
            const auto [read, end] = readAll(*decryption, inPieces(coded, piece), 1000);
            EXPECT_TRUE(read == clear);
            EXPECT_EQ(end, AVERROR_EOF);
        }
    }
}

TEST(Decryption, TellsWhatBreaksOffAndWhatIsNotEncryptedSo) {
    const auto coded = encrypted(Bytes(100, 77));
    const auto ending = [](const Bytes& bytes, int end = AVERROR_EOF) {
        auto decryption = Decryption::make(kKey, kIv);
        return readAll(*decryption, inPieces(bytes, 50, end), 1000).second;
    };
    EXPECT_EQ(ending(coded, AVERROR(EIO)), AVERROR(EIO));
    EXPECT_EQ(ending({coded.begin(), coded.end() - 1}), AVERROR_INVALIDDATA);
    EXPECT_EQ(ending({}), AVERROR_INVALIDDATA);
    EXPECT_EQ(ending({coded.begin(), coded.end() - 16}), AVERROR_INVALIDDATA) << "its end is no padding";
}

TEST(Decryption, TakesNoKeyThatIsNone) {
    for (const auto* wrong : {"", "00", "000102030405060708090a0b0c0d0e0g", "000102030405060708090a0b0c0d0e0f00"}) {
        EXPECT_FALSE(Decryption::make(wrong, kIv)) << wrong;
        EXPECT_FALSE(Decryption::make(kKey, wrong)) << wrong;
    }
}

}  // namespace
}  // namespace livepusher::capture
