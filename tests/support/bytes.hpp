// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace livepusher::rtmp::test {

using Bytes = std::vector<std::uint8_t>;

inline Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

inline Bytes text(std::string_view value) { return {value.begin(), value.end()}; }

inline Bytes be(std::uint64_t value, int bytes) {
    Bytes out;
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
    return out;
}

/// A type-0 chunk header (RTMP 1.0 §5.3.1.2.1) on a chunk stream below 64.
inline Bytes fullHeader(int channel, std::uint32_t timestamp, std::size_t length, int type, std::uint32_t stream = 0) {
    const Bytes streamId{static_cast<std::uint8_t>(stream), static_cast<std::uint8_t>(stream >> 8),
                         static_cast<std::uint8_t>(stream >> 16), static_cast<std::uint8_t>(stream >> 24)};
    return Bytes{static_cast<std::uint8_t>(channel)} + be(timestamp >= 0xFFFFFF ? 0xFFFFFF : timestamp, 3) + be(length, 3) +
           be(static_cast<std::uint64_t>(type), 1) + streamId + (timestamp >= 0xFFFFFF ? be(timestamp, 4) : Bytes{});
}

/// A whole message in chunks.
inline Bytes message(int channel, int type, const Bytes& body, std::uint32_t stream = 0, std::size_t chunkSize = 128) {
    Bytes out = fullHeader(channel, 0, body.size(), type, stream);
    for (std::size_t at = 0; at < body.size(); ++at) {
        if (at > 0 && at % chunkSize == 0) out.push_back(static_cast<std::uint8_t>(0xC0 | channel));
        out.push_back(body[at]);
    }
    return out;
}

}  // namespace livepusher::rtmp::test
