// SPDX-License-Identifier: MIT
#include "media/nal.hpp"

#include "base/big_endian.hpp"

#include <cstddef>

namespace livepusher::base {
namespace {

/// Where the next 00 00 01 stands at or after `at`; data.size(): nowhere.
std::size_t findStartCode(std::span<const std::uint8_t> data, std::size_t at) {
    for (; at + 3 <= data.size(); ++at) {
        if (data[at + 2] > 1) {
            at += 2;
            continue;
        }
        if (data[at] == 0 && data[at + 1] == 0 && data[at + 2] == 1) return at;
    }
    return data.size();
}

}  // namespace

std::vector<Nal> splitStartCodes(std::span<const std::uint8_t> data) {
    std::vector<Nal> found;
    auto at = findStartCode(data, 0);
    for (std::size_t i = 0; i < at; ++i)
        if (at == data.size() || data[i] != 0) return {};
    while (at < data.size()) {
        const auto begin = at + 3;
        at = findStartCode(data, begin);
        auto nal = data.subspan(begin, at - begin);
        while (!nal.empty() && nal.back() == 0) nal = nal.first(nal.size() - 1);  // a NAL unit never ends with 0
        if (!nal.empty()) found.push_back(nal);
    }
    return found;
}

std::vector<Nal> splitLengths(std::span<const std::uint8_t> data, int lengthSize) {
    std::vector<Nal> found;
    const auto head = static_cast<std::size_t>(lengthSize);
    while (!data.empty()) {
        if (data.size() <= head) return {};
        const auto length = static_cast<std::size_t>(readBig(data.first(head)));
        data = data.subspan(head);
        if (length == 0 || length > data.size() || (data[0] & 0x80) != 0) return {};
        found.push_back(data.first(length));
        data = data.subspan(length);
    }
    return found;
}

std::vector<Nal> splitNals(std::span<const std::uint8_t> data) {
    // Lengths first: 00 00 01 can begin one, but start codes never make lengths that end where the data does.
    auto found = splitLengths(data);
    return found.empty() ? splitStartCodes(data) : found;
}

}  // namespace livepusher::base
