// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <thread>

#include "capture/sources.hpp"
#include "capture/test_counter.hpp"
#include "collector.hpp"
#include "fake_clock.hpp"
#include "make_media.hpp"
#include "temp_folder.hpp"

namespace livepusher::capture {
namespace {

constexpr WantedVideo kVideo{.width = 320, .height = 240, .fps = 25};

/// The counters of the frames; -1 for one that can't be read.
std::vector<std::int64_t> counters(const std::vector<VideoFrame>& frames) {
    std::vector<std::int64_t> all;
    for (const auto& frame : frames) {
        const auto counter = readTestCounter(frame);
        all.push_back(counter ? std::int64_t{*counter} : -1);
    }
    return all;
}

std::vector<std::int64_t> upTo(std::int64_t count, std::int64_t loop) {
    std::vector<std::int64_t> all;
    for (std::int64_t i = 0; i < count; ++i) all.push_back(i % loop);
    return all;
}

class FileSourceTest : public ::testing::Test {
protected:
    const FakeClock clock_;
    std::string media(const std::string& name, const MediaRecipe& recipe) {
        makeMedia(folder.file(name), recipe);
        return folder.file(name);
    }
    const TempFolder folder;
    Collector got;
};

TEST_F(FileSourceTest, EveryFrameComesOnceAtItsTimeAndThenTheEndOnce) {
    for (const auto* name : {"a.mp4", "a.mkv", "a.ts", "a.avi"}) {
        SCOPED_TRACE(name);
        Collector one;
        auto ends = makeFileEnds(media(name, {.frames = 20}), false, true, true);
        const auto format = ends.video->start(kVideo, one.video());
        ASSERT_TRUE(format) << format.error().message;
        EXPECT_EQ(format->width, 320);
        EXPECT_EQ(format->height, 240);
        EXPECT_NEAR(format->fps, 25, 0.01);
        ASSERT_TRUE(ends.audio->start({}, one.audio()));
        ASSERT_TRUE(one.waitEnded(2));
        ends.video->stop();
        ends.audio->stop();
        EXPECT_EQ(one.ends(), 2);  // each end once
        EXPECT_FALSE(one.error());
        const auto frames = one.frames();
        EXPECT_EQ(counters(frames), upTo(20, 20));
        for (std::size_t i = 1; i < frames.size(); ++i)
            EXPECT_NEAR(double((frames[i].pts - frames[i - 1].pts).count()), 40'000, 1'100) << i;
        EXPECT_NEAR(double(one.samples()), 0.8 * 48000, 3000);
        // The sound's time is the sum of its samples'.
        const auto blocks = one.blocks();
        for (std::size_t i = 1; i < blocks.size(); ++i) {
            const auto expected = blocks[i - 1].pts + Timestamp(std::int64_t(blocks[i - 1].frames) * 1'000'000 / 48000);
            EXPECT_NEAR(double((blocks[i].pts - expected).count()), 0, 200) << i;
        }
    }
}

TEST_F(FileSourceTest, ALoopHasNeitherHoleNorDoubledFrame) {
    for (const auto* name : {"a.mp4", "a.ts", "a.mkv"}) {
        SCOPED_TRACE(name);
        Collector one;
        auto ends = makeFileEnds(media(name, {.frames = 10}), true, true, true);
        ASSERT_TRUE(ends.video->start(kVideo, one.video()));
        ASSERT_TRUE(ends.audio->start({}, one.audio()));
        ASSERT_TRUE(one.waitFrames(25));
        ends.video->stop();
        ends.audio->stop();
        const auto frames = one.frames();
        EXPECT_EQ(counters(frames), upTo(static_cast<std::int64_t>(frames.size()), 10));
        for (std::size_t i = 1; i < frames.size(); ++i)
            EXPECT_NEAR(double((frames[i].pts - frames[i - 1].pts).count()), 40'000, 1'100) << i;
        const auto blocks = one.blocks();
        for (std::size_t i = 1; i < blocks.size(); ++i) {
            const auto end = blocks[i - 1].pts + Timestamp(std::int64_t(blocks[i - 1].frames) * 1'000'000 / 48000);
            EXPECT_GT((blocks[i].pts - end).count(), -1000) << i;   // nothing sounds twice
            EXPECT_LT((blocks[i].pts - end).count(), 50'000) << i;  // at most a codec's frame is missing
        }
        EXPECT_EQ(one.ends(), 0);
    }
}

TEST_F(FileSourceTest, BeepAndFlashStayTogether) {
    auto ends = makeFileEnds(media("a.mp4", {.frames = 35, .sampleRate = 44100}), false, true, true);
    ASSERT_TRUE(ends.video->start(kVideo, got.video()));
    ASSERT_TRUE(ends.audio->start({}, got.audio()));
    ASSERT_TRUE(got.waitEnded(2));
    ends.video->stop();
    ends.audio->stop();
    Timestamp flash{}, beep{};
    bool dark = false;
    for (const auto& frame : got.frames()) {
        const bool bright = frame.plane(0)[147 * frame.stride(0) + 280] > 180;
        if (bright && dark) flash = frame.pts;
        dark = !bright;
    }
    bool quiet = false;
    for (const auto& block : got.blocks())
        for (std::size_t i = 0; i < block.frames; ++i) {
            const bool loud = std::abs(block.samples[i * 2]) > 0.25F;
            const auto moment = block.pts + Timestamp(std::int64_t(i) * 1'000'000 / 48000);
            if (!loud && moment > block.pts && i % 48 == 0) quiet = quiet || !block.samples.empty();
            if (loud && quiet && beep == Timestamp{} && moment > got.frames().front().pts + Timestamp(500'000)) beep = moment;
        }
    ASSERT_NE(flash, Timestamp{});
    ASSERT_NE(beep, Timestamp{});
    EXPECT_NEAR(double((beep - flash).count()), 0, 10'000);
}

TEST_F(FileSourceTest, TurnPixelAspectAndOddSizesAreToldAndMended) {
    const struct {
        int turn;
        Rotation expected;
    } table[] = {{90, Rotation::Cw90}, {180, Rotation::Cw180}, {270, Rotation::Cw270}};
    for (const auto& row : table) {
        Collector one;
        auto ends = makeFileEnds(media("r.mp4", {.audio = false, .frames = 3, .rotation = row.turn}), false, true, false);
        ASSERT_TRUE(ends.video->start(kVideo, one.video()));
        ASSERT_TRUE(one.waitEnded());
        EXPECT_EQ(one.frames().at(0).rotation, row.expected);
    }
    auto ends = makeFileEnds(
        media("s.mp4", {.audio = false, .width = 322, .height = 242, .frames = 3, .sampleAspectNum = 4, .sampleAspectDen = 3}),
        false, true, false);
    ASSERT_TRUE(ends.video->start(kVideo, got.video()));
    ASSERT_TRUE(got.waitEnded());
    EXPECT_EQ(got.frames().at(0).sampleAspectNum, 4);
    EXPECT_EQ(got.frames().at(0).sampleAspectDen, 3);
}

TEST_F(FileSourceTest, StopThenStartGoesOnWhereItWas) {
    auto ends = makeFileEnds(media("a.mp4", {.frames = 25}), false, true, true);
    ASSERT_TRUE(ends.video->start(kVideo, got.video()));
    ASSERT_TRUE(ends.audio->start({}, got.audio()));
    ASSERT_TRUE(got.waitFrames(7));
    ends.video->stop();
    ends.audio->stop();
    const auto before = got.frames().size();
    const auto resumed = now();
    ASSERT_TRUE(ends.video->start(kVideo, got.video()));
    ASSERT_TRUE(ends.audio->start({}, got.audio()));
    ASSERT_TRUE(got.waitEnded(2));
    const auto frames = got.frames();
    EXPECT_EQ(counters(frames), upTo(25, 25));
    EXPECT_GE(frames[before].pts, resumed - Timestamp(50'000));
}

TEST_F(FileSourceTest, AfterTheEndAStartBeginsAnew) {
    auto ends = makeFileEnds(media("a.mp4", {.frames = 5}), false, true, true);
    for (int round = 1; round <= 2; ++round) {
        ASSERT_TRUE(ends.video->start(kVideo, got.video()));
        ASSERT_TRUE(ends.audio->start({}, got.audio()));
        ASSERT_TRUE(got.waitEnded(2 * round));
        ends.video->stop();
        ends.audio->stop();
    }
    EXPECT_EQ(counters(got.frames()), upTo(10, 5));
}

TEST_F(FileSourceTest, OneEndAloneRunsAndTheOtherJoinsInStep) {
    auto ends = makeFileEnds(media("a.mp4", {.frames = 50}), true, true, true);
    ASSERT_TRUE(ends.audio->start({}, got.audio()));
    ASSERT_TRUE(got.waitBlocks(20));
    ASSERT_TRUE(ends.video->start(kVideo, got.video()));
    ASSERT_TRUE(got.waitFrames(3));
    ends.video->stop();
    ends.audio->stop();
    const auto frame = got.frames().at(0);
    const auto counter = readTestCounter(frame);
    ASSERT_TRUE(counter);
    // Both count from the same moment.
    const auto zero = got.blocks().at(0).pts;
    EXPECT_NEAR(double((frame.pts - zero).count()), double(*counter) * 40'000, 25'000);
    EXPECT_GT(*counter, 0U);
}

TEST_F(FileSourceTest, AnEndThatTheFileLacksIsToldWithItsName) {
    const auto silent = media("silent.mp4", {.audio = false, .frames = 3});
    auto ends = makeFileEnds(silent, false, true, true);
    ASSERT_TRUE(ends.video->start(kVideo, got.video()));
    const auto audio = ends.audio->start({}, got.audio());
    ASSERT_FALSE(audio);
    EXPECT_EQ(audio.error().code, Code::SourceFailed);
    EXPECT_EQ(audio.error().native, kNoSuchTrack);
    EXPECT_EQ(audio.error().message, "file \"" + silent + "\": there is no sound in it");
    EXPECT_TRUE(got.waitEnded());
    auto blind = makeFileEnds(media("blind.mp4", {.video = false, .frames = 3}), false, true, true);
    const auto video = blind.video->start(kVideo, got.video());
    ASSERT_FALSE(video);
    EXPECT_NE(video.error().message.find("there is no picture in it"), std::string::npos);
}

TEST_F(FileSourceTest, WhatCantBeReadGivesOneClearLine) {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "film " + std::to_string(i) + ": holidays.mp4\n";
    const struct {
        std::string path;
        const char* part;
    } table[] = {
        {folder.file("missing.mp4"), "there is no such file"},
        {folder.path(), "is a directory"},
        {folder.write("noise.mp4", std::string(5000, 'x')), "is not a media file that can be read"},
        {folder.write("empty.mp4", ""), "is not a media file that can be read"},
        {folder.write("films.txt", text), "is a text, not a media file"},
        {"http://127.0.0.1:1/x.mp4?token=secret", "can't be opened"},
    };
    for (const auto& row : table) {
        auto ends = makeFileEnds(row.path, false, true, true);
        const auto started = ends.video->start(kVideo, got.video());
        ASSERT_FALSE(started) << row.path;
        EXPECT_EQ(started.error().code, Code::SourceFailed);
        EXPECT_NE(started.error().message.find(row.part), std::string::npos) << started.error().message;
        EXPECT_EQ(started.error().message.find('\n'), std::string::npos);
        EXPECT_EQ(started.error().message.find("secret"), std::string::npos);
        EXPECT_FALSE(ends.audio->start({}, got.audio()));
    }
}

TEST_F(FileSourceTest, ADamagedFilePlaysWhatIsLeft) {
    const auto path = media("a.ts", {.frames = 25});
    const auto size = std::filesystem::file_size(path);
    std::filesystem::resize_file(path, size / 2);
    auto ends = makeFileEnds(path, false, true, true);
    ASSERT_TRUE(ends.video->start(kVideo, got.video()));
    ASSERT_TRUE(ends.audio->start({}, got.audio()));
    ASSERT_TRUE(got.waitEnded(2));
    EXPECT_GT(got.frames().size(), 5U);
}

TEST_F(FileSourceTest, StopComesBackAtAnyMoment) {
    const auto path = media("a.mp4", {.frames = 25});
    for (int i = 0; i < 20; ++i) {
        Collector one;
        auto ends = makeFileEnds(path, true, true, true);
        ASSERT_TRUE(ends.video->start(kVideo, one.video()));
        if (i % 2 == 0) {
            ASSERT_TRUE(ends.audio->start({}, one.audio()));
        }
        if (i % 3 == 0) {
            ASSERT_TRUE(one.waitFrames(static_cast<std::size_t>(i % 4)));
        }
        if (i % 5 != 0) ends.video->stop();
        const auto after = one.frames().size();
        if (i % 5 != 0) {
            EXPECT_EQ(one.frames().size(), after);
        }
    }
}

TEST_F(FileSourceTest, AFifoIsReadAndItsWaitIsBrokenOff) {
    const auto fifo = folder.file("pipe");
    ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
    const auto path = media("a.ts", {.frames = 10});
    {
        auto ends = makeFileEnds(fifo, false, true, false);
        std::thread writer([&] { std::ofstream(fifo, std::ios::binary) << std::ifstream(path, std::ios::binary).rdbuf(); });
        ASSERT_TRUE(ends.video->start(kVideo, got.video()));
        ASSERT_TRUE(got.waitEnded());
        writer.join();
        EXPECT_EQ(counters(got.frames()), upTo(10, 10));
    }
    auto ends = makeFileEnds(fifo, false, true, false);  // nobody writes
    std::thread other([&] { ends.video->interrupt(); });
    const auto started = ends.video->start(kVideo, got.video());
    other.join();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::Cancelled);
    EXPECT_EQ(ends.video->start(kVideo, got.video()).error().code, Code::Cancelled);  // sticky
}

TEST_F(FileSourceTest, ARarePixelFormatIsPlayed) {
    auto ends = makeFileEnds(media("deep.mkv", {.audio = false, .frames = 2, .videoCodec = "ffv1"}), false, true, false);
    const auto started = ends.video->start(kVideo, got.video());
    ASSERT_TRUE(started) << started.error().message;
    ASSERT_TRUE(got.waitEnded());
    EXPECT_EQ(got.frames().size(), 2U);
}

TEST_F(FileSourceTest, AStillPictureCanBeLooped) {
    auto ends = makeFileEnds(media("a.jpg", {.audio = false, .frames = 1, .videoCodec = "mjpeg"}), true, true, false);
    ASSERT_TRUE(ends.video->start(kVideo, got.video()));
    EXPECT_TRUE(got.waitFrames(5));
    ends.video->stop();
    EXPECT_FALSE(got.error());
}

TEST_F(FileSourceTest, FullRangeBecomesLimited) {
    auto ends = makeFileEnds(media("a.avi", {.audio = false, .frames = 2, .videoCodec = "mjpeg"}), false, true, false);
    ASSERT_TRUE(ends.video->start(kVideo, got.video()));
    ASSERT_TRUE(got.waitEnded());
    // The recipe's black is 16 of 0..255, which is 29 of 16..235.
    const auto frame = got.frames().at(0);
    EXPECT_NEAR(frame.plane(0)[230 * frame.stride(0) + 2], 29, 3);
}

}  // namespace
}  // namespace livepusher::capture
