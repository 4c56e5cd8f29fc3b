// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "bytes.hpp"
#include "packets.hpp"
#include "rtmp/flv.hpp"
#include "rtmp/publishers.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;
using Kind = Packet::Kind;
using Track = Packet::Track;

class FlvFile : public testing::Test {
protected:
    FlvFile() { std::filesystem::create_directories(folder_); }
    ~FlvFile() override { std::filesystem::remove_all(folder_); }

    std::string path(const char* name) const { return folder_ / name; }
    Result<void> open(Publisher& publisher, const std::string& path) {
        return publisher.open(*base::Url::parse(path), {}, [this] { ++connected_; });
    }
    Bytes content(const std::string& path) const {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("flv_file_test." + std::to_string(getpid()));
    int connected_ = 0;
};

TEST_F(FlvFile, HoldsEveryTagAndAtItsEndTheDuration) {
    const auto file = makeFlvFilePublisher();
    ASSERT_TRUE(open(*file, path("a.flv")));
    EXPECT_EQ(connected_, 1);
    for (const auto& packet : {videoConfig(), media(Track::Video, Kind::Key, 0, 0, "IDR"),
                               media(Track::Video, Kind::Delta, 16'777'216'000, 16'777'216'000, "P")})
        ASSERT_TRUE(file->write(packet));
    file->close();
    EXPECT_FALSE(file->failed());

    const Bytes bytes = content(path("a.flv"));
    EXPECT_EQ(file->statistics().bytesSent, bytes.size());
    ASSERT_GT(bytes.size(), 24U);
    EXPECT_EQ(Bytes(bytes.begin(), bytes.begin() + 13), (text("FLV") + Bytes{1, 1, 0, 0, 0, 9, 0, 0, 0, 0})) << "video only";
    const auto video = videoConfig();
    auto body = metadata(&video, nullptr, true);
    const Bytes duration{0x40, 0xD0, 0x62, 0x4D, 0xD2, 0xF1, 0xA9, 0xFC};  // 16777.216
    std::copy(duration.begin(), duration.end(), body.begin() + kDurationOffset);
    const auto tag = [](int type, std::uint32_t time, const Bytes& data) {
        return be(static_cast<std::uint64_t>(type), 1) + be(data.size(), 3) + be(time & 0xFFFFFF, 3) + be(time >> 24, 1) +
               Bytes{0, 0, 0} + data + be(data.size() + 11, 4);
    };
    const Bytes rest = tag(9, 0, Bytes{0x17, 0, 0, 0, 0} + text("avcC")) + tag(9, 0, Bytes{0x17, 1, 0, 0, 0} + text("IDR")) +
                       tag(9, 0x1000000, Bytes{0x27, 1, 0, 0, 0} + text("P"));
    const std::size_t metadataSize = body.size() + 15;
    EXPECT_EQ(Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(13 + metadataSize), bytes.end()), rest);
    const Bytes found(bytes.begin() + 24 + static_cast<std::ptrdiff_t>(kDurationOffset),
                      bytes.begin() + 32 + static_cast<std::ptrdiff_t>(kDurationOffset));
    EXPECT_EQ(found, duration);
}

TEST_F(FlvFile, SaysWhichFileFailedAndWhy) {
    const auto file = makeFlvFilePublisher();
    const auto done = open(*file, path("missing/a.flv"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::FileFailed);
    EXPECT_EQ(done.error().message, path("missing/a.flv") + ": can't be opened for writing: No such file or directory");
    EXPECT_EQ(done.error().native, ENOENT);
    EXPECT_TRUE(file->failed());
}

TEST_F(FlvFile, FailsWhenTheDiskIsFull) {
    std::filesystem::create_symlink("/dev/full", path("full.flv"));
    const auto file = makeFlvFilePublisher();
    ASSERT_TRUE(open(*file, path("full.flv")));
    Result<void> done;
    for (int i = 0; i < 100 && done; ++i) done = file->write(media(Track::Audio, Kind::Key, i, i, Bytes(10'000, 'x')));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::FileFailed);
    EXPECT_NE(done.error().message.find("No space left on device"), std::string::npos) << done.error().message;
    file->close();
}

TEST_F(FlvFile, EndsWritingWhenCancelledButCompletesTheFile) {
    const auto file = makeFlvFilePublisher();
    ASSERT_TRUE(open(*file, path("a.flv")));
    ASSERT_TRUE(file->write(media(Track::Audio, Kind::Key, 0, 0, "a")));
    file->cancel();
    EXPECT_EQ(file->write(media(Track::Audio, Kind::Key, 0, 0, "a")).error().code, Code::Cancelled);
    file->close();
    EXPECT_EQ(content(path("a.flv"))[4], 4) << "sound only";
}

TEST_F(FlvFile, RefusesAServersUrl) {
    const auto done = makeFlvFilePublisher()->open(*base::Url::parse("rtmp://h/live/s3cr3t"), {}, {});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message.find("s3cr3t"), std::string::npos);
}

}  // namespace
}  // namespace livepusher::rtmp
