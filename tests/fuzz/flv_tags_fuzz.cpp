// SPDX-License-Identifier: MIT
// What stands in the tags of a stream whose framing is right: old and enhanced heads, tracks, configurations, metadata.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <span>
#include <string>
#include <variant>

#include "flv/tag_reader.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

// Each tag: a byte for its type (8, 9, else script), two for its size, its body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livepusher;
    rtmp::TagReader tags;
    rtmp::Received received;
    std::uint32_t time = 0xFFFFFFF0;
    for (std::span<const std::uint8_t> rest(data, size); rest.size() >= 3; time += 7) {
        const auto type = rest[0] == 8   ? rtmp::FlvTagType::Audio
                          : rest[0] == 9 ? rtmp::FlvTagType::Video
                                         : rtmp::FlvTagType::Script;
        const auto length = std::min<std::size_t>(rest.size() - 3, rest[1] * 256U + rest[2]);
        tags.take(type, time, rest.subspan(3, length), received);
        rest = rest.subspan(3 + length);
    }
    std::set<Packet::Track> configured;
    std::set<std::string> named;
    std::size_t bytes = 0;
    for (const auto& item : received) {
        if (const auto* packet = std::get_if<Packet>(&item)) {
            bytes += packet->data->size();
            if (packet->kind == Packet::Kind::Config) configured.insert(packet->track);
            require(configured.contains(packet->track));
            require(packet->track == Packet::Track::Video || packet->kind != Packet::Kind::Delta);
            const auto composition = packet->pts - packet->dts;
            require(composition >= Timestamp(-0x800000LL * 1000) && composition <= Timestamp(0x7FFFFFLL * 1000));
        }
        if (const auto* track = std::get_if<rtmp::TrackLeftOut>(&item)) require(named.insert(track->name).second);
        if (const auto* metadata = std::get_if<rtmp::StreamMetadata>(&item)) require(metadata->fields.size() <= 64);
    }
    require(bytes <= 4 * size && named.size() <= 32 + 2 * 255);
    return 0;
}
