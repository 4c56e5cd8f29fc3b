// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <thread>

#include "capture/source_makers.hpp"
#include "collector.hpp"
#include "temp_folder.hpp"

namespace livepusher::capture {
namespace {

Spec pcmSpec(const std::string& path, int rate, int channels) {
    Spec spec;
    spec.kind = SourceKind::Pcm;
    spec.target = path;
    spec.sampleRate = rate;
    spec.channels = channels;
    return spec;
}

/// A ramp, so that a lost or doubled sample shows.
std::string ramp(int first, int frames, int channels) {
    std::string bytes;
    for (int i = first; i < first + frames; ++i)
        for (int c = 0; c < channels; ++c) {
            const auto value = static_cast<std::int16_t>(i);
            bytes.append(reinterpret_cast<const char*>(&value), 2);
        }
    return bytes;
}

void expectRamp(const Collector& got, int channels) {
    int next = 0;
    for (const auto& block : got.blocks())
        for (std::size_t i = 0; i < block.frames; ++i, ++next)
            ASSERT_EQ(std::lround(block.samples[i * static_cast<std::size_t>(channels)] * 32768), next);
}

TEST(PcmSource, AFileIsPacedAndStampedBySampleCount) {
    const TempFolder folder;
    Collector got;
    auto source = makePcmAudio(pcmSpec(folder.write("a", ramp(0, 9600, 2)), 48000, 2), false);
    ASSERT_TRUE(source->start({}, got.audio()));
    ASSERT_TRUE(got.waitEnded());
    source->stop();
    EXPECT_EQ(got.samples(), 9600U);
    expectRamp(got, 2);
    const auto blocks = got.blocks();
    for (std::size_t i = 1; i < blocks.size(); ++i)
        if (blocks[i].pts - blocks[i - 1].pts < Timestamp(500'000)) {
            EXPECT_NEAR(double((blocks[i].pts - blocks[i - 1].pts).count()), double(blocks[i - 1].frames) * 1e6 / 48000, 1);
        }
}

TEST(PcmSource, AFifoThatIsFilledAtOnceIsHeldBackAndNothingIsLost) {
    const TempFolder folder;
    const auto path = folder.file("fifo");
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    Collector got;
    auto source = makePcmAudio(pcmSpec(path, 48000, 1), false);
    ASSERT_TRUE(source->start({{.sampleRate = 48000, .channels = 1}}, got.audio(1)));
    const auto begin = now();
    std::thread writer([&] { std::ofstream(path, std::ios::binary) << ramp(0, 24000, 1); });
    ASSERT_TRUE(got.waitEnded());
    writer.join();
    source->stop();
    EXPECT_EQ(got.samples(), 24000U);
    expectRamp(got, 1);
    const auto blocks = got.blocks();
    for (std::size_t i = 1; i < blocks.size(); ++i) EXPECT_GT(blocks[i].pts, blocks[i - 1].pts);
    // Half a second of sound took about that long, whatever the machine.
    EXPECT_GT(blocks.back().pts - begin, Timestamp(200'000));
}

TEST(PcmSource, AnotherRateAndOtherChannelsAreResampled) {
    const TempFolder folder;
    Collector got;
    auto source = makePcmAudio(pcmSpec(folder.write("a", ramp(0, 4410, 1)), 44100, 1), false);
    ASSERT_TRUE(source->start({{.sampleRate = 48000, .channels = 2}}, got.audio()));
    ASSERT_TRUE(got.waitEnded());
    EXPECT_NEAR(double(got.samples()), 4800, 60);
}

TEST(PcmSource, StopBreaksOffAWait) {
    const TempFolder folder;
    const auto path = folder.file("fifo");
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    Collector got;
    auto source = makePcmAudio(pcmSpec(path, 48000, 2), false);
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(source->start({}, got.audio()));
        source->stop();
    }
    EXPECT_EQ(got.ends(), 0);
}

TEST(PcmSource, AMissingFileIsToldByName) {
    Collector got;
    const auto started = makePcmAudio(pcmSpec("/nowhere/x.pcm", 48000, 2), false)->start({}, got.audio());
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().message, "pcm: \"/nowhere/x.pcm\": there is no such file");
}

}  // namespace
}  // namespace livepusher::capture
