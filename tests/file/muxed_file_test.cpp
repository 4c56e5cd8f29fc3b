// SPDX-License-Identifier: MIT
#include "expect_holds.hpp"
#include "file_case.hpp"

namespace livepusher::file {
namespace {

using livepusher::test::codedStream;
using livepusher::test::readFile;

class MuxedFile : public test::FileCase, public testing::WithParamInterface<const char*> {};

INSTANTIATE_TEST_SUITE_P(All, MuxedFile, testing::Values("mp4", "mkv", "ts", "flv"),
                         [](const auto& which) { return std::string(which.param); });

TEST_P(MuxedFile, HoldsAllOfItAndSaysHowLongItIs) {
    const auto packets = codedStream({.lowLatency = false, .frames = 75});
    const auto name = std::string("a.") + GetParam();
    const auto file = open(name);
    write(*file, packets);
    close(*file);
    EXPECT_EQ(file->statistics().bytesSent, std::filesystem::file_size(path(name)));
    const auto read = readFile(path(name));
    EXPECT_EQ(read.errors, 0);
    EXPECT_EQ(read.sizes.size(), 75U);
    EXPECT_NEAR(static_cast<double>(read.audio.pts.size()), static_cast<double>(count(packets, Packet::Track::Audio)), 1);
    EXPECT_NEAR(static_cast<double>(read.duration.count()), 3.04e6, 100'000);
    EXPECT_EQ(told_, std::vector<std::string>{"20008 writing " + path(name)});
}

TEST_P(MuxedFile, MakesNoFileBeforeThereIsMedia) {
    const auto packets = codedStream({.frames = 3});
    const auto file = open(std::string("a.") + GetParam());
    write(*file, {packets[0], packets[1]});
    close(*file);
    EXPECT_TRUE(names().empty());
}

TEST_P(MuxedFile, TakesTheNextFreeName) {
    const std::string ending = std::string(".") + GetParam();
    folder_.write("a" + ending, "something");
    const auto file = open("a" + ending);
    write(*file, codedStream({.frames = 5}));
    close(*file);
    EXPECT_EQ(names(), (std::set<std::string>{"a" + ending, "a-2" + ending}));
    EXPECT_EQ(told_, std::vector<std::string>{"20008 writing " + path("a-2" + ending) + ": " + path("a" + ending) +
                                              " is there already"});
    EXPECT_EQ(readFile(path("a-2" + ending)).sizes.size(), 5U);
}

TEST_F(MuxedFile, RefusesAv1InATransportStreamBeforeThereIsAFile) {
    const auto url = base::Url::file(path("a.ts"));
    rtmp::PublisherSettings settings;
    settings.videoCodec = VideoCodec::av1;
    const auto opened = makePublisher(url)->open(url, settings, observer_);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::InvalidArgument);
    capture::expectHolds(opened.error().message, "MPEG-TS holds no AV1: name a .mp4 or .mkv file");
}

TEST_F(MuxedFile, ThatADiskCutsOffPlaysAsFarAsItGoes) {
    if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
    for (const auto* ending : {"mp4", "mkv"}) {
        const auto link = path(std::string("full.") + ending);
        std::filesystem::create_symlink("/dev/full", link);
        const auto file = open(std::string("full.") + ending, {.overwrite = true});
        Result<void> wrote;
        for (const auto& packet : codedStream({.frames = 100}))
            if (wrote) wrote = file->write(packet);
        if (wrote) wrote = file->close(rtmp::EndReason::Ended);
        ASSERT_FALSE(wrote);
        EXPECT_EQ(wrote.error().code, Code::FileFailed);
        capture::expectHolds(wrote.error().message, "No space left on device");
    }
}

}  // namespace
}  // namespace livepusher::file
