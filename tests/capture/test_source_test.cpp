// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <gtest/gtest.h>
#include <libyuv.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <random>

#include "capture/test_counter.hpp"
#include "capture/test_picture.hpp"
#include "capture/test_tone.hpp"
#include "collector.hpp"

namespace livepusher::capture {
namespace {

VideoFrame scaled(const VideoFrame& in, int width, int height) {
    auto out = VideoFrame::allocate(width, height);
    libyuv::I420Scale(in.plane(0), in.stride(0), in.plane(1), in.stride(1), in.plane(2), in.stride(2), in.width(), in.height(),
                      out.mutablePlane(0), out.stride(0), out.mutablePlane(1), out.stride(1), out.mutablePlane(2), out.stride(2),
                      width, height, libyuv::kFilterBox);
    return out;
}

/// What a low bitrate does: coarse steps and noise.
void spoil(VideoFrame& frame) {
    std::minstd_rand random(7);
    std::uniform_int_distribution<int> noise(-40, 40);
    for (int y = 0; y < frame.height(); ++y)
        for (int x = 0; x < frame.width(); ++x) {
            auto& luma = frame.mutablePlane(0)[y * frame.stride(0) + x];
            luma = static_cast<std::uint8_t>(std::clamp(luma / 32 * 32 + noise(random), 0, 255));
        }
}

constexpr std::array<std::uint32_t, 7> kCounters{0, 1, 12345, 0x80000000U, 0xFFFFFFFFU, 0xAAAAAAAAU, 0x55555555U};

TEST(TestCounter, IsReadBackFromEverySize) {
    for (const auto& [width, height] :
         {std::pair{1280, 720}, {640, 360}, {360, 640}, {180, 320}, {1920, 1080}, {270, 480}, {64, 64}})
        for (const auto counter : kCounters) {
            TestPicture picture(width, height);
            EXPECT_EQ(readTestCounter(picture.draw(counter, Timestamp(1'234'567))), counter) << width << "x" << height;
        }
}

TEST(TestCounter, OutlivesScalingToHalfAndCodingNoise) {
    for (const auto& [width, height] : {std::pair{1280, 720}, {640, 360}, {360, 640}})
        for (const auto counter : kCounters) {
            TestPicture picture(width, height);
            auto half = scaled(picture.draw(counter, Timestamp(5'000'000)), width / 2, height / 2);
            EXPECT_EQ(readTestCounter(half), counter);
            spoil(half);
            EXPECT_EQ(readTestCounter(half), counter) << width << "x" << height;
        }
}

TEST(TestCounter, IsNotFoundWhereThereIsNone) {
    EXPECT_FALSE(readTestCounter({}));
    EXPECT_FALSE(readTestCounter(VideoFrame::allocate(640, 360)));
    TestPicture picture(640, 360);
    auto frame = picture.draw(7, {});
    const int y0 = static_cast<int>(TestCounter::kTop * 360), y1 = y0 + 60;
    for (int y = y0; y < y1; ++y) std::fill_n(frame.mutablePlane(0) + y * frame.stride(0) + 100, 40, std::uint8_t{128});
    EXPECT_FALSE(readTestCounter(frame));
}

TEST(TestPicture, MovesAndFlashesAtFullSeconds) {
    TestPicture picture(640, 360);
    const auto patch = [](const VideoFrame& f) { return f.plane(0)[220 * f.stride(0) + 560]; };
    EXPECT_EQ(patch(picture.draw(0, Timestamp(2'000'000))), 235);
    EXPECT_EQ(patch(picture.draw(0, Timestamp(2'099'999))), 235);
    EXPECT_EQ(patch(picture.draw(0, Timestamp(2'100'000))), 16);
    EXPECT_EQ(patch(picture.draw(0, Timestamp(2'999'999))), 16);
    const auto first = picture.draw(0, Timestamp(0)), later = picture.draw(0, Timestamp(500'000));
    EXPECT_NE(0, std::memcmp(first.plane(0) + 160 * first.stride(0), later.plane(0) + 160 * later.stride(0), 640));
}

double level(const std::vector<float>& samples) {
    double sum = 0;
    for (const float s : samples) sum += double(s) * double(s);
    return 10 * std::log10(2 * sum / static_cast<double>(samples.size()));  // of the sine's peak
}

TEST(TestTone, IsAQuietSineWithALouderBeepAtFullSeconds) {
    TestTone tone({.sampleRate = 48000, .channels = 2});
    EXPECT_NEAR(level(tone.make(48000 + 4800, 43200)), -20, 0.1);
    EXPECT_NEAR(level(tone.make(96000, 4800)), -6, 0.1);
}

TEST(TestSource, DeliversExactlySpacedFramesOfTheWantedSizeWithoutAHole) {
    Collector got;
    auto source = makeTestVideo(makeTestClock());
    const auto format = source->start({.width = 360, .height = 640, .fps = 60}, got.video());
    ASSERT_TRUE(format);
    EXPECT_EQ(format->width, 360);
    EXPECT_TRUE(format->constantRate);
    ASSERT_TRUE(got.waitFrames(20));
    source->stop();
    const auto frames = got.frames();
    const auto zero = frames.front().pts;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        EXPECT_EQ(frames[i].width(), 360);
        EXPECT_EQ(frames[i].height(), 640);
        EXPECT_EQ(readTestCounter(frames[i]), i);
        EXPECT_EQ((frames[i].pts - zero).count(), static_cast<std::int64_t>(i) * 1'000'000 / 60);
    }
}

TEST(TestSource, GoesOnWhereItWasAfterAStop) {
    Collector got;
    auto source = makeTestVideo(makeTestClock());
    ASSERT_TRUE(source->start({.width = 64, .height = 64, .fps = 60}, got.video()));
    ASSERT_TRUE(got.waitFrames(3));
    source->stop();
    const auto before = got.frames().size();
    ASSERT_TRUE(source->start({.width = 128, .height = 64, .fps = 60}, got.video()));
    ASSERT_TRUE(got.waitFrames(before + 3));
    source->stop();
    const auto frames = got.frames();
    for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(readTestCounter(frames[i]), i);
    EXPECT_EQ(frames.back().width(), 128);
}

TEST(TestSource, SoundAndPictureAreInStep) {
    const auto clock = makeTestClock();
    Collector got;
    auto video = makeTestVideo(clock);
    auto audio = makeTestAudio(clock);
    ASSERT_TRUE(video->start({.width = 64, .height = 64, .fps = 60}, got.video()));
    ASSERT_TRUE(audio->start({{.sampleRate = 48000, .channels = 1}}, got.audio(1)));
    ASSERT_TRUE(got.waitFrames(5));
    ASSERT_TRUE(got.waitBlocks(10));
    video->stop();
    audio->stop();
    const auto zero = got.frames().front().pts;  // the picture began the clock
    const auto blocks = got.blocks();
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        EXPECT_EQ(blocks[i].frames, 480U);
        if (i > 0) {
            EXPECT_NEAR(double((blocks[i].pts - blocks[i - 1].pts).count()), 10'000, 1);
        }
        // The samples are those of that time.
        const double time = double((blocks[i].pts - zero).count()) / 1e6;
        const auto first = static_cast<std::int64_t>(std::llround(time * 48000));
        TestTone tone({.sampleRate = 48000, .channels = 1});
        EXPECT_EQ(blocks[i].samples, tone.make(first, 480)) << i;
    }
}

TEST(TestSource, AnImpossibleWishIsRefused) {
    Collector got;
    auto source = makeTestVideo(makeTestClock());
    for (const WantedVideo& wanted : {WantedVideo{63, 64, 30}, {64, 10, 30}, {0, 0, 30}, {64, 64, 0}}) {
        const auto started = source->start(wanted, got.video());
        ASSERT_FALSE(started);
        EXPECT_EQ(started.error().code, Code::InvalidArgument);
    }
    auto audio = makeTestAudio(makeTestClock());
    const auto started = audio->start({{.sampleRate = 1000, .channels = 2}}, got.audio());
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::UnsupportedSampleRate);
}

}  // namespace
}  // namespace livepusher::capture
