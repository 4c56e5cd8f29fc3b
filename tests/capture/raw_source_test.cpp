// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <livepusher/log.hpp>

#include <atomic>
#include <thread>

#include "collector.hpp"
#include "temp_folder.hpp"

namespace livepusher::capture {
namespace {

Spec rawSpec(const std::string& path, int width, int height, double fps, PixelFormat format = PixelFormat::I420) {
    Spec spec;
    spec.kind = SourceKind::Raw;
    spec.target = path;
    spec.width = width;
    spec.height = height;
    spec.fps = fps;
    spec.format = format;
    return spec;
}

std::string picture(int width, int height, int number) {
    const auto area = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    return std::string(area, char(20 + number)) + std::string(area / 4, char(60 + number)) +
           std::string(area / 4, char(100 + number));
}

void expectPicture(const VideoFrame& frame, int number) {
    for (const int i : {0, 1}) {
        EXPECT_EQ(frame.plane(0)[i * ((frame.height() - 1) * frame.stride(0) + frame.width() - 1)], 20 + number);
        EXPECT_EQ(frame.plane(1)[i * ((frame.height() / 2 - 1) * frame.stride(1) + frame.width() / 2 - 1)], 60 + number);
        EXPECT_EQ(frame.plane(2)[i * ((frame.height() / 2 - 1) * frame.stride(2) + frame.width() / 2 - 1)], 100 + number);
    }
}

/// The writing side of a FIFO.
class Fifo {
public:
    explicit Fifo(const std::string& path) : path_(path) { EXPECT_EQ(mkfifo(path.c_str(), 0600), 0); }
    ~Fifo() { close(); }
    void open() { fd_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC); }
    void write(const std::string& bytes) const {
        for (std::size_t done = 0; done < bytes.size();) {
            const auto count = ::write(fd_, bytes.data() + done, bytes.size() - done);
            ASSERT_GT(count, 0);
            done += static_cast<std::size_t>(count);
        }
    }
    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

private:
    const std::string path_;
    int fd_ = -1;
};

TEST(RawSource, FramesComeFromAFifoAsTheyArrive) {
    for (const auto& [width, height] : {std::pair{128, 64}, {100, 50}, {360, 1200}}) {  // planes in one piece, rows, many rows
        const TempFolder folder;
        Fifo fifo(folder.file("fifo"));
        Collector got;
        auto source = makeRawVideo(rawSpec(folder.file("fifo"), width, height, 30), false);
        const auto format = source->start({}, got.video());
        ASSERT_TRUE(format);
        EXPECT_EQ(format->width, width);
        EXPECT_FALSE(format->constantRate);
        fifo.open();
        Timestamp last{};
        for (int i = 0; i < 5; ++i) {
            const auto before = now();
            const auto bytes = picture(width, height, i);
            fifo.write(bytes.substr(0, 1000));
            fifo.write(bytes.substr(1000));
            ASSERT_TRUE(got.waitFrames(static_cast<std::size_t>(i + 1)));
            const auto frame = got.frames().back();
            EXPECT_GE(frame.pts, before);
            EXPECT_GT(frame.pts, last);
            last = frame.pts;
            expectPicture(frame, i);
        }
        EXPECT_EQ(got.ends(), 0);
        fifo.close();
        EXPECT_TRUE(got.waitEnded());
        source->stop();
        EXPECT_EQ(got.ends(), 1);
        EXPECT_EQ(got.frames().size(), 5U);
    }
}

TEST(RawSource, StopBreaksOffAWaitAndAStartGoesOnInTheMiddleOfAFrame) {
    const TempFolder folder;
    Fifo fifo(folder.file("fifo"));
    Collector got;
    auto source = makeRawVideo(rawSpec(folder.file("fifo"), 64, 64, 30), false);
    ASSERT_TRUE(source->start({}, got.video()));
    source->stop();  // nobody has written yet
    ASSERT_TRUE(source->start({}, got.video()));
    fifo.open();
    fifo.write(picture(64, 64, 0) + picture(64, 64, 1).substr(0, 1000));
    ASSERT_TRUE(got.waitFrames(1));
    source->stop();
    fifo.write(picture(64, 64, 1).substr(1000));
    ASSERT_TRUE(source->start({}, got.video()));
    ASSERT_TRUE(got.waitFrames(2));
    source->stop();
    expectPicture(got.frames()[1], 1);
}

TEST(RawSource, ARegularFileIsPacedAndLoopsWithEvenTimeStamps) {
    const TempFolder folder;
    const auto path = folder.write("a.yuv", picture(64, 64, 0) + picture(64, 64, 1) + picture(64, 64, 2));
    Collector got;
    auto source = makeRawVideo(rawSpec(path, 64, 64, 100), true);
    const auto format = source->start({}, got.video());
    ASSERT_TRUE(format);
    EXPECT_TRUE(format->constantRate);
    ASSERT_TRUE(got.waitFrames(10));
    source->stop();
    const auto frames = got.frames();
    for (std::size_t i = 0; i < frames.size(); ++i) {
        expectPicture(frames[i], static_cast<int>(i % 3));
        if (i > 0 && frames[i].pts - frames[i - 1].pts < Timestamp(500'000)) {
            EXPECT_EQ((frames[i].pts - frames[i - 1].pts).count(), 10'000);
        }
    }
}

TEST(RawSource, APartialLastFrameIsToldInTheLogAndLeftOut) {
    std::atomic<int> warnings{0};
    setLogHandler([&](LogLevel level, std::string_view text) {
        if (level == LogLevel::Warning && text.find("its last frame is incomplete") != std::string_view::npos) ++warnings;
    });
    const TempFolder folder;
    const auto path = folder.write("a.yuv", picture(64, 64, 0) + picture(64, 64, 1).substr(0, 100));
    Collector got;
    auto source = makeRawVideo(rawSpec(path, 64, 64, 100), false);
    ASSERT_TRUE(source->start({}, got.video()));
    ASSERT_TRUE(got.waitEnded());
    source->stop();
    setLogHandler({});
    EXPECT_EQ(got.frames().size(), 1U);
    EXPECT_EQ(warnings, 1);
}

TEST(RawSource, OtherFormatsAreConverted) {
    const TempFolder folder;
    std::string nv12(64 * 64, char(81));
    for (int i = 0; i < 64 * 16; ++i) nv12 += {char(90), char(240)};
    std::string rgba;
    for (int i = 0; i < 64 * 64; ++i) rgba += {char(255), 0, 0, char(255)};
    for (const auto& [format, bytes] : {std::pair{PixelFormat::NV12, nv12}, {PixelFormat::Rgba, rgba}}) {
        Collector got;
        auto source = makeRawVideo(rawSpec(folder.write("a", bytes), 64, 64, 100, format), false);
        ASSERT_TRUE(source->start({}, got.video()));
        ASSERT_TRUE(got.waitEnded());
        const auto frame = got.frames().at(0);
        EXPECT_NEAR(frame.plane(0)[0], 81, 2);
        EXPECT_NEAR(frame.plane(1)[0], 90, 2);
        EXPECT_NEAR(frame.plane(2)[0], 240, 2);
    }
}

TEST(RawSource, WhatCantBeOpenedGivesOneClearLine) {
    const TempFolder folder;
    Collector got;
    const auto missing = makeRawVideo(rawSpec(folder.file("none"), 64, 64, 30), false)->start({}, got.video());
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Code::SourceFailed);
    EXPECT_EQ(missing.error().message, "raw: \"" + folder.file("none") + "\": there is no such file");
    EXPECT_FALSE(makeRawVideo(rawSpec(folder.path(), 64, 64, 30), false)->start({}, got.video()));
    auto empty = makeRawVideo(rawSpec(folder.write("empty", ""), 64, 64, 30), true);
    ASSERT_TRUE(empty->start({}, got.video()));
    EXPECT_TRUE(got.waitEnded());  // even though it shall loop
}

}  // namespace
}  // namespace livepusher::capture
