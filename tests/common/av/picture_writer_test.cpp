// SPDX-License-Identifier: MIT
#include "av/picture_writer.hpp"

#include "decode.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <vector>

namespace livepusher::capture {
namespace {

struct PictureTest : testing::Test {
    std::filesystem::path directory;
    PictureTest() {
        std::string name = (std::filesystem::temp_directory_path() / "livepusher-picture-XXXXXX").string();
        directory = ::mkdtemp(name.data());
    }
    ~PictureTest() override { std::filesystem::remove_all(directory); }
    std::string path(const char* name) const { return (directory / name).string(); }
};

VideoFrame plain(int width, int height, int y, int u, int v) {
    auto frame = VideoFrame::allocate(width, height);
    std::fill_n(frame.mutablePlane(0), frame.stride(0) * height, static_cast<std::uint8_t>(y));
    std::fill_n(frame.mutablePlane(1), frame.stride(1) * height / 2, static_cast<std::uint8_t>(u));
    std::fill_n(frame.mutablePlane(2), frame.stride(2) * height / 2, static_cast<std::uint8_t>(v));
    return frame;
}

/// ITU-R BT.601 and BT.709, limited range.
std::array<int, 3> rgbOf(int y, int u, int v, bool bt709) {
    const double kr = bt709 ? 0.2126 : 0.299, kb = bt709 ? 0.0722 : 0.114, kg = 1 - kr - kb;
    const double l = (y - 16) / 219.0, pb = (u - 128) / 224.0, pr = (v - 128) / 224.0;
    const double r = l + 2 * (1 - kr) * pr, b = l + 2 * (1 - kb) * pb;
    const double g = (l - kr * r - kb * b) / kg;
    const auto byte = [](double x) { return static_cast<int>(std::lround(std::clamp(x, 0.0, 1.0) * 255)); };
    return {byte(r), byte(g), byte(b)};
}

TEST_F(PictureTest, OfPngHoldsTheColoursThatTheFramesMatrixGives) {
    for (const bool bt709 : {true, false}) {
        auto frame = plain(66, 48, 120, 90, 170);
        frame.bt709 = bt709;
        ASSERT_TRUE(writePicture(frame, SnapshotQuality::raw, path("a.png")));
        const auto picture = test::decodePicture(path("a.png"), true);
        ASSERT_TRUE(picture.rgb);
        EXPECT_EQ(picture.width, 66);
        EXPECT_EQ(picture.height, 48);
        const auto wanted = rgbOf(120, 90, 170, bt709);
        ASSERT_EQ(picture.bytes.size(), 66U * 48 * 3);
        // libyuv's factor for blue ends at 2.0, where BT.709 has 2.11.
        for (std::size_t i = 0; i < picture.bytes.size(); ++i)
            ASSERT_NEAR(picture.bytes[i], wanted[i % 3], i % 3 == 2 ? 5 : 2) << i;
    }
}

TEST_F(PictureTest, OfPngLosesNoLuma) {
    auto frame = plain(128, 64, 16, 128, 128);
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 128; ++x)
            frame.mutablePlane(0)[y * frame.stride(0) + x] = static_cast<std::uint8_t>(16 + (x * 5 + y * 3) % 220);
    ASSERT_TRUE(writePicture(frame, SnapshotQuality::raw, path("a.png")));
    const auto picture = test::decodePicture(path("a.png"), true);
    for (int y = 0; y < 64; ++y) {
        for (int x = 0; x < 128; ++x) {
            const int wanted = rgbOf(16 + (x * 5 + y * 3) % 220, 128, 128, true)[0];
            const auto* pixel = &picture.bytes[static_cast<std::size_t>(y * 128 + x) * 3];
            ASSERT_NEAR(pixel[0], wanted, 1);
            ASSERT_EQ(pixel[0], pixel[1]);
            ASSERT_EQ(pixel[0], pixel[2]);
        }
    }
}

TEST_F(PictureTest, OfJpegHasFullRangeAndItsOwnMatrix) {
    for (const bool bt709 : {true, false}) {
        auto frame = plain(64, 48, 180, 100, 150);
        frame.bt709 = bt709;
        ASSERT_TRUE(writePicture(frame, SnapshotQuality::compressed, path("a.jpg")));
        const auto picture = test::decodePicture(path("a.jpg"), false);
        const auto rgb = rgbOf(180, 100, 150, bt709);
        const double y = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
        EXPECT_NEAR(picture.bytes[1000], y, 4);
        EXPECT_NEAR(picture.chroma[0][100], 128 + (rgb[2] - y) / 1.772, 4);
        EXPECT_NEAR(picture.chroma[1][100], 128 + (rgb[0] - y) / 1.402, 4);
    }
}

TEST_F(PictureTest, OfJpegIsSmallerThanPng) {
    const auto frame = test::texture(640, 360, 1);
    ASSERT_TRUE(writePicture(frame, SnapshotQuality::raw, path("a.png")));
    ASSERT_TRUE(writePicture(frame, SnapshotQuality::compressed, path("a.jpg")));
    EXPECT_LT(std::filesystem::file_size(path("a.jpg")) * 2, std::filesystem::file_size(path("a.png")));
}

TEST_F(PictureTest, StandsUpright) {
    auto frame = plain(64, 32, 60, 128, 128);
    frame.mutablePlane(0)[0] = 235;  // top left, which a turn to the right brings to the top right
    frame.rotation = Rotation::Cw90;
    ASSERT_TRUE(writePicture(frame, SnapshotQuality::raw, path("a.png")));
    const auto picture = test::decodePicture(path("a.png"), true);
    EXPECT_EQ(picture.width, 32);
    EXPECT_EQ(picture.height, 64);
    EXPECT_GT(picture.bytes[31 * 3], 240);
    EXPECT_LT(picture.bytes[0], 100);
}

TEST_F(PictureTest, IsMirroredBeforeItIsTurned) {
    struct {
        Rotation rotation;
        int x, y;  // where the top left pixel is seen
    } const table[] = {{Rotation::None, 63, 0}, {Rotation::Cw90, 31, 63}, {Rotation::Cw180, 0, 31}, {Rotation::Cw270, 0, 0}};
    for (const auto& row : table) {
        auto frame = plain(64, 32, 60, 128, 128);
        frame.mutablePlane(0)[0] = 235;
        frame.rotation = row.rotation;
        frame.mirrored = true;
        ASSERT_TRUE(writePicture(frame, SnapshotQuality::raw, path("a.png")));
        const auto picture = test::decodePicture(path("a.png"), true);
        for (const int x : {0, picture.width - 1})
            for (const int y : {0, picture.height - 1}) {
                const auto at = static_cast<std::size_t>((y * picture.width + x) * 3);
                EXPECT_EQ(picture.bytes[at] > 200, x == row.x && y == row.y)
                    << static_cast<int>(row.rotation) << ": " << x << ',' << y;
            }
    }
}

TEST_F(PictureTest, ReplacesAFileThatIsThere) {
    ASSERT_TRUE(writePicture(plain(640, 480, 100, 128, 128), SnapshotQuality::raw, path("a.png")));
    ASSERT_TRUE(writePicture(plain(32, 16, 100, 128, 128), SnapshotQuality::raw, path("a.png")));
    EXPECT_EQ(test::decodePicture(path("a.png"), true).width, 32);
}

TEST_F(PictureTest, ThatCantBeWrittenTellsPathAndReason) {
    const auto written = writePicture(plain(32, 16, 100, 128, 128), SnapshotQuality::raw, path("missing/a.png"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Code::FileFailed);
    EXPECT_NE(written.error().message.find("missing/a.png"), std::string::npos);
    EXPECT_NE(written.error().message.find("No such file"), std::string::npos);
    EXPECT_EQ(written.error().native, ENOENT);
}

TEST_F(PictureTest, CarriesAProfileWhereThereIsOneAndIsTheSmallerTheMoreTimeThereIs) {
    const std::vector<std::uint8_t> profile(200, 7);
    auto frame = plain(320, 240, 100, 128, 128);
    for (int x = 0; x < 320; ++x) frame.mutablePlane(0)[x * 7 % 320] = static_cast<std::uint8_t>(16 + x % 200);
    const auto quick = compressPicture(frame, SnapshotQuality::raw);
    const auto thorough = compressPicture(frame, SnapshotQuality::raw, {.thorough = true});
    const auto with = compressPicture(frame, SnapshotQuality::raw, {.thorough = true, .profile = profile});
    ASSERT_TRUE(quick && thorough && with);
    EXPECT_LT(thorough->size(), quick->size());
    const std::string_view chunk = "iCCP";
    EXPECT_EQ(std::ranges::search(*thorough, chunk).size(), 0U);
    EXPECT_EQ(std::ranges::search(*with, chunk).size(), 4U);
}

TEST_F(PictureTest, OfNoFrameIsRefused) {
    const auto written = writePicture({}, SnapshotQuality::compressed, path("a.jpg"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Code::FileFailed);
    EXPECT_FALSE(std::filesystem::exists(path("a.jpg")));
}

}  // namespace
}  // namespace livepusher::capture
