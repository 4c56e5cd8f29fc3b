// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "collector.hpp"

namespace livepusher::capture {
namespace {

struct Picture {
    explicit Picture(PixelFormat format) : bytes(64 * 48 * 4, 0) {
        view.format = format;
        view.width = 64;
        view.height = 48;
        const auto* data = bytes.data();
        switch (format) {
            case PixelFormat::I420:
                view.planes = {data, data + 64 * 48, data + 64 * 48 * 5 / 4};
                view.strides = {64, 32, 32};
                fill(0, 64 * 48, 200);
                fill(64 * 48, 64 * 12, 90);
                fill(64 * 48 * 5 / 4, 64 * 12, 110);
                break;
            case PixelFormat::NV12:
                view.planes = {data, data + 64 * 48, nullptr};
                view.strides = {64, 64, 0};
                fill(0, 64 * 48, 200);
                for (std::size_t i = 0; i < 64 * 24; ++i) bytes[64 * 48 + i] = i % 2 == 0 ? 90 : 110;
                break;
            case PixelFormat::Rgba:
                view.planes = {data, nullptr, nullptr};
                view.strides = {256, 0, 0};
                for (std::size_t i = 0; i < 64 * 48; ++i) bytes[i * 4] = bytes[i * 4 + 3] = 255;  // red
                break;
        }
    }
    void fill(std::size_t from, std::size_t count, std::uint8_t value) {
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(from), count, value);
    }
    std::vector<std::uint8_t> bytes;
    VideoFrameView view;
};

class AppVideoTest : public ::testing::Test {
protected:
    AppVideoTest() { EXPECT_TRUE(source->start({.width = 64, .height = 48, .fps = 30}, got.video())); }
    Collector got;
    std::unique_ptr<VideoSource> source = makeAppVideo();
};

TEST_F(AppVideoTest, EveryFormatBecomesI420WithTheRightColours) {
    for (const auto format : {PixelFormat::I420, PixelFormat::NV12}) {
        const Picture picture(format);
        ASSERT_TRUE(source->push(picture.view));
        const auto frame = got.frames().back();
        EXPECT_EQ(frame.plane(0)[47 * frame.stride(0) + 63], 200);
        EXPECT_EQ(frame.plane(1)[23 * frame.stride(1) + 31], 90);
        EXPECT_EQ(frame.plane(2)[23 * frame.stride(2) + 31], 110);
        EXPECT_TRUE(frame.bt709);
    }
    const Picture red(PixelFormat::Rgba);
    ASSERT_TRUE(source->push(red.view));
    const auto frame = got.frames().back();
    EXPECT_FALSE(frame.bt709);
    EXPECT_NEAR(frame.plane(0)[0], 81, 2);  // BT.601, limited: 81 90 240
    EXPECT_NEAR(frame.plane(1)[0], 90, 2);
    EXPECT_NEAR(frame.plane(2)[0], 240, 2);
}

TEST_F(AppVideoTest, TimeAndTurnArePassedOn) {
    Picture picture(PixelFormat::I420);
    picture.view.pts = Timestamp(1234);
    picture.view.rotation = Rotation::Cw90;
    picture.view.mirrored = true;
    picture.view.bt709 = false;
    ASSERT_TRUE(source->push(picture.view));
    const auto before = now();
    picture.view.pts = {};
    ASSERT_TRUE(source->push(picture.view));
    const auto frames = got.frames();
    EXPECT_EQ(frames[0].pts, Timestamp(1234));
    EXPECT_EQ(frames[0].rotation, Rotation::Cw90);
    EXPECT_TRUE(frames[0].mirrored);
    EXPECT_FALSE(frames[0].bt709);
    EXPECT_GE(frames[1].pts, before);
}

TEST_F(AppVideoTest, WhatCantBeReadIsRefusedByName) {
    struct Row {
        void (*spoil)(VideoFrameView&);
        const char* part;
    };
    const Row table[] = {
        {[](VideoFrameView& v) { v.width = 63; }, "size 63x48"},
        {[](VideoFrameView& v) { v.height = 0; }, "size 64x0"},
        {[](VideoFrameView& v) { v.width = 16384; }, "size 16384x48"},
        {[](VideoFrameView& v) { v.planes[0] = nullptr; }, "planes[0] (Y) is null"},
        {[](VideoFrameView& v) { v.planes[2] = nullptr; }, "planes[2] (V) is null"},
        {[](VideoFrameView& v) { v.strides[1] = 31; }, "strides[1] 31: must be 32 or more"},
        {[](VideoFrameView& v) { v.strides[0] = -64; }, "strides[0] -64"},
        {[](VideoFrameView& v) { v.format = static_cast<PixelFormat>(9); }, "format 9"},
        {[](VideoFrameView& v) { v.rotation = static_cast<Rotation>(45); }, "rotation 45"},
    };
    for (const auto& row : table) {
        Picture picture(PixelFormat::I420);
        row.spoil(picture.view);
        const auto pushed = source->push(picture.view);
        ASSERT_FALSE(pushed) << row.part;
        EXPECT_EQ(pushed.error().code, Code::InvalidArgument);
        EXPECT_NE(pushed.error().message.find(row.part), std::string::npos) << pushed.error().message;
    }
    EXPECT_TRUE(got.frames().empty());
}

TEST_F(AppVideoTest, NothingComesAfterStop) {
    const Picture picture(PixelFormat::I420);
    std::atomic<bool> go{true};
    std::atomic<int> pushed{0};
    std::thread pusher([&] {
        while (go)
            if (source->push(picture.view)) ++pushed;
    });
    ASSERT_TRUE(got.waitFrames(10));
    source->stop();
    const auto count = got.frames().size();
    go = false;
    pusher.join();
    EXPECT_EQ(got.frames().size(), count);
    const auto late = source->push(picture.view);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Code::InvalidState);
}

TEST(AppAudio, SamplesAreConvertedAndResampled) {
    Collector got;
    auto source = makeAppAudio();
    ASSERT_TRUE(source->start({{.sampleRate = 48000, .channels = 2}}, got.audio()));
    const std::vector<std::int16_t> mono(4410, 16384);
    AudioBlockView block{.format = SampleFormat::S16, .sampleRate = 44100, .channels = 1, .data = mono.data(), .frames = 4410};
    block.pts = Timestamp(1'000'000);
    ASSERT_TRUE(source->push(block));
    block.pts = Timestamp(1'100'000);
    ASSERT_TRUE(source->push(block));
    const auto blocks = got.blocks();
    ASSERT_EQ(blocks.size(), 2U);
    EXPECT_EQ(blocks[0].pts, Timestamp(1'000'000));
    // The second begins where the first really ended.
    EXPECT_NEAR(double(blocks[1].pts.count()), 1e6 + double(blocks[0].frames) / 48000 * 1e6, 30);
    EXPECT_NEAR(double(got.samples()), 9600, 100);
    EXPECT_NEAR(blocks[1].samples[1000], 0.5, 0.01);
    EXPECT_EQ(blocks[1].samples[1000], blocks[1].samples[1001]);
}

TEST(AppAudio, FloatOfTheWantedFormPassesUnchanged) {
    Collector got;
    auto source = makeAppAudio();
    ASSERT_TRUE(source->start({{.sampleRate = 16000, .channels = 1}}, got.audio(1)));
    std::vector<float> samples(160);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<float>(i) / 200;
    AudioBlockView block{.sampleRate = 16000, .channels = 1, .data = samples.data(), .frames = samples.size()};
    ASSERT_TRUE(source->push(block));
    EXPECT_EQ(got.blocks().at(0).samples, samples);
    EXPECT_LE(got.blocks().at(0).pts, now() - Timestamp(10'000));
}

TEST(AppAudio, WhatCantBeTakenIsRefused) {
    Collector got;
    auto source = makeAppAudio();
    const float sample[8] = {};
    const AudioBlockView good{.data = sample, .frames = 1};
    EXPECT_EQ(source->push(good).error().code, Code::InvalidState);
    ASSERT_TRUE(source->start({}, got.audio()));
    EXPECT_TRUE(source->push(good));
    auto bad = good;
    bad.sampleRate = 7999;
    EXPECT_EQ(source->push(bad).error().code, Code::UnsupportedSampleRate);
    bad = good;
    bad.channels = 9;
    EXPECT_EQ(source->push(bad).error().code, Code::InvalidArgument);
    bad = good;
    bad.data = nullptr;
    EXPECT_EQ(source->push(bad).error().code, Code::InvalidArgument);
    bad = good;
    bad.frames = 0;
    EXPECT_EQ(source->push(bad).error().code, Code::InvalidArgument);
}

}  // namespace
}  // namespace livepusher::capture
