// SPDX-License-Identifier: MIT
// What a hostile camera or file can hold: access units, parameter sets, decoders' configurations.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include <livepusher/log.hpp>

#include "capture/coded/coded_packets.hpp"
#include "media/hevc_config.hpp"

namespace {

using namespace livepusher;

void require(bool condition) {
    if (!condition) std::abort();
}

void requireWhole(const Packet& packet) {
    require(packet.data != nullptr && !packet.data->empty());
    if (packet.kind != Packet::Kind::Config) return require(!base::splitLengths(*packet.data).empty());
    require(packet.description && packet.description->width > 0 && packet.description->height > 0);
    const bool hevc = packet.description->videoCodec == VideoCodec::hevc;
    const auto record = hevc ? base::readHevcConfig(*packet.data) : base::readAvcConfig(*packet.data);
    require(record && record->lengthSize == 4 && record->sets.size() >= 2);
}

}  // namespace

// The first byte says of which codec it is, whether parameter sets come as a configuration, and whether the rest is one
// access unit or two.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    setLogLevel(LogLevel::Off);  // it warns of turns
    const auto codec = data[0] % 2 == 0 ? VideoCodec::h264 : VideoCodec::hevc;
    const std::span rest(data + 1, size - 1);
    capture::CodedPackets packets("test");
    if ((data[0] & 2) != 0) {
        const auto record = codec == VideoCodec::hevc ? base::readHevcConfig(rest) : base::readAvcConfig(rest);
        if (record) (void)packets.learn(codec, record->sets);
    }
    Timestamp time{};
    const auto half = (data[0] & 4) != 0 ? rest.size() / 2 : rest.size();
    for (const auto part : {rest.first(half), rest.subspan(half), rest}) {
        const auto nals = base::splitNals(part);
        if (nals.empty()) continue;
        time += Timestamp(1);
        const auto taken = packets.take(codec, nals, time, time);
        if (!taken) {
            require(taken.error().code == Code::InvalidArgument && taken.error().message.find('\n') == std::string::npos);
            continue;
        }
        if (taken->config) requireWhole(*taken->config);
        if (taken->frame) requireWhole(*taken->frame);
        require(!taken->frame || packets.begun());
        require(!packets.describe().empty());
    }
    return 0;
}
