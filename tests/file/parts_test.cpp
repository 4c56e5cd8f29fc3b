// SPDX-License-Identifier: MIT
#include "expect_holds.hpp"
#include "file_case.hpp"

namespace livepusher::file {
namespace {

using namespace std::chrono_literals;
using livepusher::test::codedStream;
using livepusher::test::ReadFile;
using livepusher::test::readFile;
using livepusher::test::StreamRecipe;

/// One stream in several files.
class Parts : public test::FileCase, public testing::WithParamInterface<const char*> {
protected:
    std::vector<ReadFile> readAll(const std::string& ending) const {
        std::vector<ReadFile> parts;
        for (int number = 1;; ++number) {
            const auto name = (number == 1 ? "a" : "a-" + std::to_string(number)) + "." + ending;
            if (!names().contains(name)) return parts;
            parts.push_back(readFile(path(name)));
        }
    }
};

INSTANTIATE_TEST_SUITE_P(All, Parts, testing::Values("mp4", "mkv", "ts", "flv"),
                         [](const auto& which) { return std::string(which.param); });

TEST_P(Parts, FollowOneAnotherAtKeyFramesWithNothingLost) {
    for (const bool lowLatency : {true, false}) {
        SCOPED_TRACE(lowLatency);
        for (const auto& name : names()) std::filesystem::remove(path(name));
        told_.clear();
        const std::string ending = GetParam();
        const auto packets = codedStream({.lowLatency = lowLatency, .frames = 125, .gop = 1, .start = Timestamp(0)});
        const auto file = open("a." + ending, {.split = 2s});
        write(*file, packets);
        close(*file);
        const auto parts = readAll(ending);
        ASSERT_EQ(parts.size(), 3U);
        std::size_t pictures = 0, sounds = 0;
        std::uint64_t bytes = 0;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            SCOPED_TRACE(i);
            const auto& part = parts[i];
            EXPECT_EQ(part.errors, 0);
            EXPECT_EQ(part.sizes.size(), i < 2 ? 50U : 25U);
            EXPECT_TRUE(part.video.keys.at(0));
            if (ending != "ts") {
                EXPECT_GE(std::min(part.video.pts.at(0), part.audio.pts.at(0)), Timestamp(-1'000));
                EXPECT_LE(part.video.pts.at(0), Timestamp(lowLatency ? 22'000 : 107'000))
                    << "but for the sound's first packet and pictures decoded ahead";
            }
            pictures += part.video.pts.size();
            sounds += part.audio.pts.size();
        }
        for (const auto& name : names()) bytes += std::filesystem::file_size(path(name));
        EXPECT_EQ(file->statistics().bytesSent, bytes);
        EXPECT_EQ(pictures, count(packets, Packet::Track::Video));
        EXPECT_NEAR(static_cast<double>(sounds), static_cast<double>(count(packets, Packet::Track::Audio)), 1)
            << "but for what is before the first picture";
        ASSERT_EQ(told_.size(), 3U);
        // Each when its own disk has answered.
        EXPECT_EQ(std::ranges::count(told_, "20008 writing " + path("a-2." + ending) + ", part 2"), 1);
    }
}

TEST_P(Parts, NeverReplaceOneAnother) {
    const std::string ending = GetParam();
    folder_.write("a." + ending, "old");
    folder_.write("a-2." + ending, "old as well");
    const auto file = open("a." + ending, {.overwrite = true, .split = 1s});
    write(*file, codedStream({.frames = 50}));
    close(*file);
    EXPECT_EQ(readFile(path("a." + ending)).sizes.size(), 25U);
    EXPECT_EQ(std::filesystem::file_size(path("a-2." + ending)), 11U);
    EXPECT_EQ(readFile(path("a-3." + ending)).sizes.size(), 25U);
}

TEST_F(Parts, OfSoundAloneFollowAtAnyPacket) {
    const auto packets = codedStream({.video = false, .frames = 70});
    const auto file = open("a.mp4", {.split = 1s});
    write(*file, packets);
    close(*file);
    const auto parts = readAll("mp4");
    ASSERT_EQ(parts.size(), 3U);
    std::size_t sounds = 0;
    for (const auto& part : parts) sounds += part.audio.pts.size();
    EXPECT_EQ(sounds, packets.size() - 1);
}

/// Which no MP4 can take up once it has begun.
TEST_F(Parts, BeginWithATrackThatJoinsLater) {
    for (const std::string ending : {"mp4", "mkv"}) {
        StreamRecipe recipe{.audio = false, .frames = 30, .gop = 1};
        auto packets = codedStream(recipe);
        recipe.audio = true;
        recipe.frames = 50;
        recipe.start = Timestamp(1'200'000);
        for (const auto& packet : codedStream(recipe))
            if (packet.track == Packet::Track::Audio || packet.kind != Packet::Kind::Config) packets.push_back(packet);
        const auto file = open("a." + ending);
        write(*file, packets);
        close(*file);
        const auto parts = readAll(ending);
        ASSERT_EQ(parts.size(), 2U);
        EXPECT_EQ(parts[0].sizes.size(), 30U);
        EXPECT_EQ(parts[0].audio.codec, "");
        EXPECT_EQ(parts[1].sizes.size(), 50U);
        EXPECT_EQ(parts[1].audio.codec, "aac");
        EXPECT_EQ(parts[1].errors, 0);
    }
}

TEST_F(Parts, AreNamedByTheTimeWhereTheNameHasIt) {
    const auto file = open("a-%Y.mkv", {.split = 1s});
    write(*file, codedStream({.frames = 50}));
    close(*file);
    const auto found = names();
    ASSERT_EQ(found.size(), 2U);
    for (const auto& name : found) {
        EXPECT_EQ(name.find('%'), std::string::npos) << name;
        EXPECT_EQ(readFile(path(name)).sizes.size(), 25U);
    }
}

}  // namespace
}  // namespace livepusher::file
