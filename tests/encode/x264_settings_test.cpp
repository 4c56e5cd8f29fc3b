// SPDX-License-Identifier: MIT
#include "encode/x264_settings.hpp"

#include <gtest/gtest.h>

namespace livepusher::encode {
namespace {

VideoEncoderSettings settings(int width, int height, int fps, const char* preset = "veryfast") {
    VideoEncoderSettings s;
    s.width = width;
    s.height = height;
    s.fps = fps;
    s.preset = preset;
    return s;
}

TEST(X264Settings, GiveOneThreadWhereOneIsFastEnough) {
    EXPECT_EQ(encoderThreads(settings(360, 640, 15), 8), 1);
    EXPECT_EQ(encoderThreads(settings(1280, 720, 30), 8), 1);
}

TEST(X264Settings, GiveMoreThreadsToMoreWork) {
    EXPECT_EQ(encoderThreads(settings(1920, 1080, 30), 8), 2);
    EXPECT_EQ(encoderThreads(settings(1280, 720, 30, "medium"), 8), 3);
}

TEST(X264Settings, NeverGiveMoreThreadsThanThereAreCores) {
    EXPECT_EQ(encoderThreads(settings(3840, 2160, 60, "slow"), 2), 2);
    EXPECT_EQ(encoderThreads(settings(3840, 2160, 60, "slow"), 0), 1);
    EXPECT_EQ(encoderThreads(settings(3840, 2160, 60, "slow"), 64), 8);
}

TEST(X264Settings, UseNeitherBFramesNorLookAheadForLowLatency) {
    const auto param = makeX264Parameters(settings(640, 360, 30));
    ASSERT_TRUE(param);
    EXPECT_EQ(param->i_bframe, 0);
    EXPECT_EQ(param->rc.i_lookahead, 0);
    EXPECT_EQ(param->b_sliced_threads, 1);
}

TEST(X264Settings, BoundTheVbvToASecondAtMost) {
    for (const bool low : {true, false}) {
        auto s = settings(640, 360, 30);
        s.lowLatency = low;
        s.bitrate = 800;
        const auto param = makeX264Parameters(s);
        ASSERT_TRUE(param);
        EXPECT_EQ(param->rc.i_vbv_max_bitrate, 800);
        EXPECT_EQ(param->rc.i_vbv_buffer_size, low ? 400 : 800);
    }
}

TEST(X264Settings, HoldFramesBackForATenthOfASecondAtMost) {
    for (const int fps : {5, 10, 15, 24, 30, 60}) {
        auto s = settings(320, 180, fps, "slow");
        s.lowLatency = false;
        auto param = makeX264Parameters(s);
        ASSERT_TRUE(param);
        param->i_log_level = X264_LOG_NONE;
        x264_t* handle = x264_encoder_open(&*param);
        ASSERT_NE(handle, nullptr);
        EXPECT_LE(x264_encoder_maximum_delayed_frames(handle), fps / 10) << fps << " fps";
        x264_encoder_close(handle);
    }
}

TEST(X264Settings, RefuseAPresetWithTheListOfThoseAllowed) {
    const auto param = makeX264Parameters(settings(640, 360, 30, "warp"));
    ASSERT_FALSE(param);
    EXPECT_EQ(param.error().code, Code::VideoEncodeFailed);
    EXPECT_EQ(param.error().message,
              "x264: preset \"warp\": must be one of ultrafast, superfast, veryfast, faster, fast, medium, slow");
}

TEST(X264Settings, RefuseSizesThatAreOddOrOutsideTheRange) {
    struct {
        int width, height;
    } const sizes[] = {{361, 640}, {360, 641}, {62, 640}, {360, 4098}, {0, 0}, {-2, 640}};
    for (const auto& size : sizes) {
        const auto param = makeX264Parameters(settings(size.width, size.height, 15));
        ASSERT_FALSE(param) << size.width << "x" << size.height;
        EXPECT_EQ(param.error().code, Code::UnsupportedResolution);
        EXPECT_NE(param.error().message.find(std::to_string(size.width) + "x" + std::to_string(size.height)), std::string::npos);
    }
}

TEST(X264Settings, RefuseNonsenseRates) {
    auto s = settings(640, 360, 0);
    EXPECT_FALSE(makeX264Parameters(s));
    s = settings(640, 360, 30);
    s.bitrate = 0;
    EXPECT_FALSE(makeX264Parameters(s));
    s = settings(640, 360, 30);
    s.gop = 0;
    EXPECT_FALSE(makeX264Parameters(s));
}

}  // namespace
}  // namespace livepusher::encode
