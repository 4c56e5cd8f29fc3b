// SPDX-License-Identifier: MIT
#include "pipeline/codec_switch.hpp"
#include "fakes.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace livepusher::testing {

TEST(CodecSwitch, GoesOverToH264BetweenTwoFramesAsItWasOpened) {
    Scene scene;
    std::vector<VideoCodec> made;
    std::vector<Code> told;
    std::atomic<bool> toH264{false};
    struct : encode::PacketSink {
        void take(Packet packet) override { kinds.push_back(packet.kind); }
        std::vector<Packet::Kind> kinds;
    } out;
    pipeline::CodecSwitch encoder(
        [&](encode::VideoEncoderChoice choice) {
            made.push_back(choice.codec);
            return std::make_unique<FakeEncoder>(scene, std::move(choice));
        },
        {.codec = VideoCodec::hevc,
         .type = VideoEncoderType::software,
         .onCode = [&](Code code, const std::string&) { told.push_back(code); }},
        toH264);
    ASSERT_TRUE(encoder.open({.width = 160, .height = 120, .bitrate = 700}, out));
    ASSERT_TRUE(encoder.setBitrate(450));
    const auto frame = grey(160, 120, 100);
    ASSERT_TRUE(encoder.encode(frame, false));
    ASSERT_TRUE(encoder.encode(frame, false));
    EXPECT_EQ(made, std::vector{VideoCodec::hevc});
    toH264 = true;
    ASSERT_TRUE(encoder.encode(frame, false));
    ASSERT_TRUE(encoder.encode(frame, false));
    EXPECT_EQ(made, (std::vector{VideoCodec::hevc, VideoCodec::h264})) << "once";
    using enum Packet::Kind;
    EXPECT_EQ(out.kinds, (std::vector{Config, Key, Delta, Config, Key, Delta}));
    EXPECT_EQ(scene.bitrate, 450) << "the one in force";
    EXPECT_EQ(told, std::vector{Code::EncoderStarted});
    encoder.close();
    ASSERT_TRUE(encoder.open({.width = 160, .height = 120}, out));
    EXPECT_EQ(made.size(), 2U) << "it stays";
}

}  // namespace livepusher::testing
