// SPDX-License-Identifier: MIT
#include "av/mp4_index.hpp"

#include <algorithm>
#include <string_view>

#include "base/big_endian.hpp"

namespace livepusher::capture {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kBoxHead = 8, kFullBoxHead = 12;
constexpr std::size_t kMehd = kFullBoxHead + 8;
constexpr std::uint64_t kVersion1 = 1U << 24U;

/// Where in [begin, end) the first box of that name begins, with all of it; empty: nowhere.
std::optional<std::size_t> findBox(Bytes file, std::string_view name, std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at + kBoxHead <= end;) {
        const auto size = base::readBig(file.subspan(at, 4));
        if (size < kBoxHead || size > end - at) return std::nullopt;
        if (std::ranges::equal(file.subspan(at + 4, 4), name)) return at;
        at += static_cast<std::size_t>(size);
    }
    return std::nullopt;
}

std::size_t endOf(Bytes file, std::size_t box) { return box + static_cast<std::size_t>(base::readBig(file.subspan(box, 4))); }

void grow(std::vector<std::uint8_t>& file, std::size_t box) {
    const auto bytes = base::bigBytes<4>(base::readBig(Bytes(file).subspan(box, 4)) + kMehd);
    std::ranges::copy(bytes, file.begin() + static_cast<std::ptrdiff_t>(box));
}

void appendHead(std::vector<std::uint8_t>& to, std::size_t size, std::string_view name) {
    base::appendBig<4>(to, size);
    to.insert(to.end(), name.begin(), name.end());
}

}  // namespace

std::vector<std::uint8_t> Mp4Index::withDuration(std::span<const std::uint8_t> beginning) {
    std::vector<std::uint8_t> file(beginning.begin(), beginning.end());
    const auto moov = findBox(beginning, "moov", 0, beginning.size());
    if (!moov) return file;
    const auto mvhd = findBox(beginning, "mvhd", *moov + kBoxHead, endOf(beginning, *moov));
    const auto mvex = findBox(beginning, "mvex", *moov + kBoxHead, endOf(beginning, *moov));
    if (!mvhd || !mvex || endOf(beginning, *mvhd) - *mvhd < 40) return file;
    const bool longTimes = beginning[*mvhd + kBoxHead] == 1;  // of creation and modification, which stand before
    timescale_ = static_cast<std::uint32_t>(base::readBig(beginning.subspan(*mvhd + kFullBoxHead + (longTimes ? 16 : 8), 4)));
    std::vector<std::uint8_t> mehd;
    appendHead(mehd, kMehd, "mehd");
    base::appendBig<4>(mehd, kVersion1);
    base::appendBig<8>(mehd, 0);
    const auto place = *mvex + kBoxHead;
    file.insert(file.begin() + static_cast<std::ptrdiff_t>(place), mehd.begin(), mehd.end());
    grow(file, *moov);
    grow(file, *mvex);
    durationAt_ = place + kFullBoxHead;
    return file;
}

std::optional<Mp4Index::Patch> Mp4Index::duration(std::int64_t microseconds) const {
    if (durationAt_ == 0 || microseconds <= 0) return std::nullopt;
    const auto bytes = base::bigBytes<8>(static_cast<std::uint64_t>(microseconds) * timescale_ / 1'000'000);
    return Patch{durationAt_, {bytes.begin(), bytes.end()}};
}

std::vector<std::uint8_t> Mp4Index::atEnd() const {
    std::vector<std::uint8_t> mfra;
    if (keys_.empty()) return mfra;
    constexpr std::size_t kEntry = 8 + 8 + 3, kMfro = kFullBoxHead + 4;
    const auto tfra = kFullBoxHead + 12 + keys_.size() * kEntry;
    const auto size = kBoxHead + tfra + kMfro;
    appendHead(mfra, size, "mfra");
    appendHead(mfra, tfra, "tfra");
    base::appendBig<4>(mfra, kVersion1);
    base::appendBig<4>(mfra, 1);  // the first track
    base::appendBig<4>(mfra, 0);  // the numbers below take a byte each
    base::appendBig<4>(mfra, keys_.size());
    for (const auto& key : keys_) {
        base::appendBig<8>(mfra, static_cast<std::uint64_t>(key.time));
        base::appendBig<8>(mfra, key.at);
        base::appendBig<3>(mfra, 0x010101);  // its first traf, trun and sample
    }
    appendHead(mfra, kMfro, "mfro");
    base::appendBig<4>(mfra, 0);
    base::appendBig<4>(mfra, size);
    return mfra;
}

}  // namespace livepusher::capture
