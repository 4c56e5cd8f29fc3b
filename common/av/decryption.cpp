// SPDX-License-Identifier: MIT
#include "av/decryption.hpp"

#include <algorithm>
#include <charconv>

extern "C" {
#include <libavutil/error.h>
}

namespace livepusher::capture {

std::optional<Decryption::Block> Decryption::parse(std::string_view digits) {
    Block out{};
    if (digits.size() != 2 * kBlock) return std::nullopt;
    for (std::size_t i = 0; i < kBlock; ++i) {
        const auto* const from = digits.data() + 2 * i;
        if (std::from_chars(from, from + 2, out[i], 16).ptr != from + 2) return std::nullopt;
    }
    return out;
}

std::optional<Decryption> Decryption::make(std::string_view key, std::string_view iv) {
    const auto secret = parse(key), begin = parse(iv);
    Decryption out;
    out.aes_.reset(av_aes_alloc());
    if (!secret || !begin || !out.aes_ || av_aes_init(out.aes_.get(), secret->data(), 128, 1) < 0) return std::nullopt;
    out.iv_ = *begin;
    return out;
}

int Decryption::fill(const Source& source) {
    constexpr int kPiece = 4096;
    const auto before = coded_.size();
    coded_.resize(before + kPiece);
    const int got = source(coded_.data() + before, kPiece);
    coded_.resize(before + static_cast<std::size_t>(std::max(got, 0)));
    if (got < 0 && got != AVERROR_EOF) return got;
    ended_ = got == AVERROR_EOF;
    const auto blocks = (coded_.size() - (ended_ || coded_.empty() ? 0 : 1)) / kBlock;
    clear_.resize(blocks * kBlock);
    used_ = 0;
    av_aes_crypt(aes_.get(), clear_.data(), coded_.data(), static_cast<int>(blocks), iv_.data(), 1);
    coded_.erase(coded_.begin(), coded_.begin() + static_cast<std::ptrdiff_t>(clear_.size()));
    if (!ended_) return 0;
    if (!coded_.empty() || clear_.empty() || clear_.back() == 0 || clear_.back() > kBlock) return AVERROR_INVALIDDATA;
    clear_.resize(clear_.size() - clear_.back());
    return 0;
}

int Decryption::read(std::uint8_t* data, int size, const Source& source) {
    while (used_ == clear_.size()) {
        if (ended_) return AVERROR_EOF;
        if (const int error = fill(source); error < 0) return error;
    }
    const auto count = std::min(static_cast<std::size_t>(size), clear_.size() - used_);
    std::copy_n(clear_.data() + used_, count, data);
    used_ += count;
    return static_cast<int>(count);
}

}  // namespace livepusher::capture
