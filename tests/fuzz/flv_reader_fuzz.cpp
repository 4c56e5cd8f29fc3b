// SPDX-License-Identifier: MIT
// What a server or a file can give for FLV: framing, tags, and what is in them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <variant>

#include "flv/flv_stream_reader.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

// The first byte says in what portions the rest comes. What is made of it must not depend on that.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livepusher;
    if (size == 0) return 0;
    const std::span<const std::uint8_t> all(data + 1, size - 1);
    const auto read = [&](std::size_t portion, rtmp::Received& received) {
        rtmp::FlvStreamReader reader;
        Result<void> done;
        for (auto rest = all; done && !rest.empty();) {
            const auto part = rest.first(std::min(portion, rest.size()));
            rest = rest.subspan(part.size());
            done = reader.feed(part);
        }
        received = reader.takeReceived();
        if (!done) {
            require(done.error().code == Code::TransferFailed && !reader.feed(all).has_value());
            return -1;
        }
        return reader.end().has_value() ? 1 : 0;
    };
    rtmp::Received whole, parts;
    const int atOnce = read(size, whole), inParts = read(data[0] == 0 ? 1 : data[0], parts);
    require(atOnce == inParts && whole.size() == parts.size());
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const auto* packet = std::get_if<Packet>(&whole[i]);
        if (!packet) continue;
        bytes += packet->data->size();
        require(*packet->data == *std::get_if<Packet>(&parts[i])->data);
    }
    require(bytes <= 4 * size);
    return 0;
}
