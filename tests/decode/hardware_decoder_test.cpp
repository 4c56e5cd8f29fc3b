// SPDX-License-Identifier: MIT
#include "decode/hardware.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <future>

#include "decode.hpp"
#include "decode/decoder_ladder.hpp"
#include "fake_hardware.hpp"
#include "video_decoder_case.hpp"

namespace livepusher::decode::test {
namespace {

using livepusher::test::failingHardware;
using livepusher::test::refusingHardware;
using livepusher::test::silentHardware;
using livepusher::test::workingHardware;

class HardwareDecoderTest : public VideoDecoderTest {
protected:
    void use(std::vector<HardwareApi> apis, VideoDecoderType type = VideoDecoderType::hardware) {
        told = {};
        pictures.clear();
        decoder = makeVideoDecoderOn(type, told, std::move(apis));
    }
    /// All pictures came, whole and in order.
    void expectAll(const std::vector<Packet>& packets) {
        const auto reference = livepusher::test::decodeVideo(packets);
        ASSERT_EQ(pictures.size(), reference.frames.size());
        for (std::size_t i = 0; i < pictures.size(); ++i) {
            const auto &is = pictures[i].frame, &should = reference.frames[i];
            for (int y = 0; y < is.height(); ++y)
                ASSERT_EQ(std::memcmp(is.plane(0) + y * is.stride(0), should.plane(0) + y * should.stride(0),
                                      static_cast<std::size_t>(is.width())),
                          0)
                    << i;
            if (i > 0) {
                EXPECT_GT(is.pts, pictures[i - 1].frame.pts);
            }
        }
        expectNothingWrong();
    }
};

TEST_F(HardwareDecoderTest, DecodesAndIsNamed) {
    const auto packets = codedStream(recipe());
    use({workingHardware()});
    give(packets);
    finish();
    expectAll(packets);
    EXPECT_EQ(told.openings, std::vector<std::string>{"H.264 Works 320x192"});
    EXPECT_TRUE(told.failures.empty());
    EXPECT_TRUE(told.givenUp.empty());
}

TEST_F(HardwareDecoderTest, EveryApiIsTriedBeforeSoftware) {
    const auto packets = codedStream(recipe());
    use({refusingHardware("no device"), workingHardware()});
    give(packets);
    EXPECT_EQ(told.openings, std::vector<std::string>{"H.264 Works 320x192"});
    EXPECT_TRUE(told.failures.empty());

    use({refusingHardware("no device"), refusingHardware("no driver")});
    give(packets);
    finish();
    expectAll(packets);
    EXPECT_EQ(told.failures, std::vector<std::string>{"Refuses: no device; Refuses: no driver"});
    EXPECT_EQ(told.openings, std::vector<std::string>{"H.264 libavcodec h264 320x192"});
}

TEST_F(HardwareDecoderTest, IsToldOnceThatThereIsNone) {
    auto other = recipe();
    other.width = 480;
    int tries = 0;
    use({{"Counts", [&tries]() -> Result<HardwareSetUp> {
              ++tries;
              return Error{Code::NotAvailable, "none"};
          }}});
    give(codedStream(recipe()));
    give(codedStream(other));
    EXPECT_EQ(told.openings.size(), 2U);
    EXPECT_EQ(told.failures.size(), 1U);
    EXPECT_EQ(tries, 1);
}

TEST_F(HardwareDecoderTest, WhatItFailedAtIsDecodedAgainBySoftware) {
    for (const bool lowLatency : {true, false}) {
        for (const auto codec : {VideoCodec::h264, VideoCodec::hevc}) {
            const auto packets = codedStream(recipe(codec, lowLatency));
            use({failingHardware()});
            give(packets);
            finish();
            expectAll(packets);
            ASSERT_EQ(told.givenUp.size(), 1U);
            EXPECT_NE(told.givenUp[0].find("Fails"), std::string::npos) << told.givenUp[0];
            EXPECT_NE(told.givenUp[0].find("errors: 1"), std::string::npos) << told.givenUp[0];
            EXPECT_EQ(told.openings.size(), 2U);
            EXPECT_TRUE(told.failures.empty());
        }
    }
}

TEST_F(HardwareDecoderTest, WhatItGaveNothingOfIsDecodedAgainBySoftware) {
    auto few = recipe();
    few.gop = 0.2;
    for (const auto& one : {recipe(), few}) {
        const auto packets = codedStream(one);
        use({silentHardware()});
        give(packets);
        finish();
        expectAll(packets);
        ASSERT_EQ(told.givenUp.size(), 1U);
        EXPECT_NE(told.givenUp[0].find("10 packets"), std::string::npos) << told.givenUp[0];
    }
}

TEST_F(HardwareDecoderTest, AStreamThatEndsAtOnceLosesNothing) {
    auto packets = codedStream(recipe());
    packets.resize(3);
    for (const auto& api : {failingHardware(), silentHardware()}) {
        use({api});
        give(packets);
        finish();
        expectAll(packets);
        EXPECT_EQ(told.givenUp.size(), api.name == "Silent" ? 0U : 1U) << api.name;
    }
}

TEST_F(HardwareDecoderTest, IsNotTriedAgainOnceItWasGivenUp) {
    auto other = recipe();
    other.width = 480;
    use({failingHardware()});
    give(codedStream(recipe()));
    give(codedStream(other));
    finish();
    EXPECT_EQ(pictures.size(), 100U);
    EXPECT_EQ(told.givenUp.size(), 1U);
    EXPECT_EQ(told.openings.size(), 3U);
    expectNothingWrong();
}

TEST_F(HardwareDecoderTest, ADriverThatHangsIsLeftToItself) {
    // Static: the thread that hangs is let go at the end, and may still be at it then.
    static std::promise<void> release, gone;
    static std::shared_future<void> released = release.get_future();
    const HardwareApi hangs{"Hangs", []() -> Result<HardwareSetUp> {
                                released.wait();
                                gone.set_value();
                                return Error{Code::NotAvailable, "too late"};
                            }};
    DecoderLadder ladder(VideoDecoderType::hardware, {hangs, workingHardware()}, told, 1000ms);
    const auto packets = codedStream(recipe());
    const auto opened = ladder.open(packets[0]);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->name, "H.264 Works");
    const auto again = ladder.open(packets[0]);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->name, "H.264 Works");
    release.set_value();
    gone.get_future().wait();
}

TEST_F(HardwareDecoderTest, AutomaticTakesItForWhatIsWorthItAndSaysNothingWhereThereIsNone) {
    const auto config = [](VideoCodec codec, int width, int height, double fps) {
        return Packet::config(Packet::Track::Video, {}, {.width = width, .height = height, .fps = fps, .videoCodec = codec});
    };
    EXPECT_FALSE(isWorthHardware(config(VideoCodec::h264, 1920, 1080, 30)));
    EXPECT_FALSE(isWorthHardware(config(VideoCodec::h264, 1080, 1920, 0)));
    EXPECT_FALSE(isWorthHardware(config(VideoCodec::h264, 1280, 720, 60)));
    EXPECT_TRUE(isWorthHardware(config(VideoCodec::h264, 1920, 1080, 60)));
    EXPECT_TRUE(isWorthHardware(config(VideoCodec::h264, 2560, 1440, 25)));
    for (const auto codec : {VideoCodec::hevc, VideoCodec::av1}) {
        EXPECT_FALSE(isWorthHardware(config(codec, 1280, 720, 60)));
        EXPECT_TRUE(isWorthHardware(config(codec, 1920, 1080, 25)));
    }
    auto large = recipe();
    large.width = 2560;
    large.height = 1440;
    large.frames = 2;
    use({workingHardware()}, VideoDecoderType::automatic);
    give(codedStream(recipe()));
    give(codedStream(large));
    EXPECT_EQ(told.openings, (std::vector<std::string>{"H.264 libavcodec h264 320x192", "H.264 Works 2560x1440"}));
    use({refusingHardware("no device")}, VideoDecoderType::automatic);
    give(codedStream(large));
    EXPECT_EQ(told.openings, std::vector<std::string>{"H.264 libavcodec h264 2560x1440"});
    EXPECT_TRUE(told.failures.empty());
}

TEST_F(HardwareDecoderTest, SoftwareNeverAsksForADevice) {
    const HardwareApi never{"Never", []() -> Result<HardwareSetUp> {
                                ADD_FAILURE();
                                return Error{Code::NotAvailable, "none"};
                            }};
    use({never}, VideoDecoderType::software);
    give(codedStream(recipe()));
    EXPECT_EQ(pictures.size(), 50U);
}

/// With the machine's own devices, whatever it has: each picture comes, by hardware or without.
TEST_F(HardwareDecoderTest, WhateverThisMachineHasNothingIsLost) {
    const auto packets = codedStream(recipe());
    decoder = makeVideoDecoder(VideoDecoderType::hardware, told);
    give(packets);
    finish();
    EXPECT_EQ(pictures.size(), 50U);
    expectNothingWrong();
    const bool software = told.openings.back().find("libavcodec") != std::string::npos;
    EXPECT_EQ(told.failures.size() + told.givenUp.size(), software ? 1U : 0U);
    if (!told.failures.empty()) {
        for (const auto* api : {"VAAPI: ", "CUDA: ", "VDPAU: "})
            EXPECT_NE(told.failures[0].find(api), std::string::npos) << told.failures[0];
    }
}

}  // namespace
}  // namespace livepusher::decode::test
