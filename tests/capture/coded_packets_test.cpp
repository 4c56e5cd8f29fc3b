// SPDX-License-Identifier: MIT
#include "capture/coded/coded_packets.hpp"

#include <gtest/gtest.h>
#include <livepusher/log.hpp>

#include <filesystem>
#include <fstream>

namespace livepusher::capture {
namespace {

/// What the fuzz target found worth keeping, with each byte changed or all behind it cut off in turn.
TEST(CodedPackets, DamagedUnitsAreRefusedOrTakenAndNothingElse) {
    setLogHandler([](LogLevel, std::string_view) {});  // some ask to be turned, which is warned of
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(LIVEPUSHER_CORPUS "/coded")) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::vector<std::uint8_t> whole(std::istreambuf_iterator<char>(file), {});
        const auto codec = whole.at(0) % 2 == 0 ? VideoCodec::h264 : VideoCodec::hevc;
        ++files;
        for (std::size_t at = 1; at <= whole.size(); ++at) {
            auto damaged = whole;
            if (at < damaged.size()) damaged[at] ^= 0x55;
            for (const auto& data : {damaged, std::vector(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(at))}) {
                CodedPackets packets("test");
                const auto nals = base::splitNals(std::span(data).subspan(1));
                const auto taken = packets.take(codec, nals, Timestamp(1), Timestamp(1));
                if (taken && taken->frame) {
                    EXPECT_TRUE(taken->config);
                    EXPECT_EQ(taken->frame->kind, Packet::Kind::Key);
                }
            }
        }
    }
    setLogHandler({});
    EXPECT_GE(files, 7);
}

}  // namespace
}  // namespace livepusher::capture
