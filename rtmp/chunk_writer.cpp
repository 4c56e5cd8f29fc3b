// SPDX-License-Identifier: MIT
#include "rtmp/chunk_writer.hpp"

#include <algorithm>
#include <cassert>

#include "base/big_endian.hpp"

namespace livepusher::rtmp {

namespace {

constexpr std::uint32_t kNeedsExtension = 0xFFFFFF;
constexpr std::uint8_t kContinues = 0xC0;  // a header of type 3

}  // namespace

void ChunkWriter::write(const OutboundMessage& message, std::vector<std::uint8_t>& out) const {
    const std::size_t size = message.head.size() + message.data.size();
    assert(size <= kMaxBody);
    out.reserve(out.size() + size + 16 + size / chunkSize_ * 5);
    const bool extended = message.timestamp >= kNeedsExtension;
    const auto channel = static_cast<std::uint8_t>(message.channel);
    out.push_back(channel);
    base::appendBig<3>(out, std::min(message.timestamp, kNeedsExtension));
    base::appendBig<3>(out, size);
    out.push_back(static_cast<std::uint8_t>(message.type));
    for (const int shift : {0, 8, 16, 24}) out.push_back(static_cast<std::uint8_t>(message.streamId >> shift));
    if (extended) base::appendBig<4>(out, message.timestamp);

    std::size_t room = chunkSize_;
    for (auto part : {message.head, message.data}) {
        while (!part.empty()) {
            if (room == 0) {
                out.push_back(kContinues | channel);
                if (extended) base::appendBig<4>(out, message.timestamp);
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
