// SPDX-License-Identifier: MIT
#include "rtmp/chunk_writer.hpp"

#include <algorithm>
#include <cassert>

namespace livepusher::rtmp {

namespace {

constexpr std::uint32_t kNeedsExtension = 0xFFFFFF;
constexpr std::uint8_t kContinues = 0xC0;  // a header of type 3

void appendNumber(std::vector<std::uint8_t>& out, std::uint32_t value, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

}  // namespace

void ChunkWriter::write(const OutboundMessage& message, std::vector<std::uint8_t>& out) const {
    const std::size_t size = message.head.size() + message.data.size();
    assert(size <= kMaxBody);
    out.reserve(out.size() + size + 16 + size / chunkSize_ * 5);
    const bool extended = message.timestamp >= kNeedsExtension;
    const auto channel = static_cast<std::uint8_t>(message.channel);
    out.push_back(channel);
    appendNumber(out, std::min(message.timestamp, kNeedsExtension), 3);
    appendNumber(out, static_cast<std::uint32_t>(size), 3);
    out.push_back(static_cast<std::uint8_t>(message.type));
    for (const int shift : {0, 8, 16, 24}) out.push_back(static_cast<std::uint8_t>(message.streamId >> shift));
    if (extended) appendNumber(out, message.timestamp, 4);

    std::size_t room = chunkSize_;
    for (auto part : {message.head, message.data}) {
        while (!part.empty()) {
            if (room == 0) {
                out.push_back(kContinues | channel);
                if (extended) appendNumber(out, message.timestamp, 4);
                room = chunkSize_;
            }
            const auto taken = std::min(room, part.size());
            out.insert(out.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(taken));
            part = part.subspan(taken);
            room -= taken;
        }
    }
}

}  // namespace livepusher::rtmp
