// SPDX-License-Identifier: MIT
#include "effects/faces/warp.hpp"

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <random>
#include <vector>

#include "effects/faces/region.hpp"
#include "effects/faces/remap.hpp"

namespace livepusher::effects::faces {
namespace {

/// A face as the mesh would tell it, as far as the warp asks: an oval with eyes, nose and jaw.
FaceShape drawnFace(Point centre, float width) {
    FaceShape face;
    face.width = width;
    face.opacity = 1;
    face.points.fill(centre);
    const auto put = [&](std::size_t i, float x, float y) { face.points[i] = {centre.x + x * width, centre.y + y * width}; };
    for (std::size_t i = 0; i < kFaceOval.size(); ++i) {  // clockwise from the top, as the picture shows it
        const float turn = 2 * std::numbers::pi_v<float> * static_cast<float>(i) / static_cast<float>(kFaceOval.size());
        put(kFaceOval[i], 0.5F * std::sin(turn), -0.65F * std::cos(turn));
    }
    put(33, -0.33F, -0.2F);
    put(133, -0.13F, -0.2F);
    put(362, 0.13F, -0.2F);
    put(263, 0.33F, -0.2F);
    put(4, 0, 0.05F);
    return face;
}

VideoFrame noise(int width, int height) {
    auto frame = VideoFrame::allocate(width, height);
    std::mt19937 random(7);
    for (int i = 0; i < 3; ++i)
        for (int y = 0; y < (i == 0 ? height : height / 2); ++y)
            for (int x = 0; x < (i == 0 ? width : width / 2); ++x)
                frame.mutablePlane(i)[static_cast<std::ptrdiff_t>(y) * frame.stride(i) + x] = static_cast<std::uint8_t>(random());
    return frame;
}

std::uint8_t at(const VideoFrame& frame, int plane, int x, int y) {
    return frame.plane(plane)[static_cast<std::ptrdiff_t>(y) * frame.stride(plane) + x];
}

VideoFrame warped(const VideoFrame& frame, std::span<const FaceShape> faces, const WarpStrength& strength) {
    VideoFrame out = frame;
    Warp().apply(out, faces, strength);
    return out;
}

/// What remap() promises, plainly and in floating point.
std::vector<double> reference(const Remap& plane) {
    std::vector<double> out(static_cast<std::size_t>(plane.width) * static_cast<std::size_t>(plane.height));
    const double perPixel = plane.halved != 0 ? 2 * WarpField::kUnit : WarpField::kUnit;
    const auto shift = [&](const std::int32_t* field, int x, int y) {
        const int column = x / plane.cell, row = y / plane.cell;
        const double right = double(x % plane.cell) / plane.cell, down = double(y % plane.cell) / plane.cell;
        const auto node = [&](int c, int r) { return double(field[(row + r) * (plane.columns + 1) + column + c]) / perPixel; };
        return (node(0, 0) * (1 - right) + node(1, 0) * right) * (1 - down) +
               (node(0, 1) * (1 - right) + node(1, 1) * right) * down;
    };
    for (int y = 0; y < plane.height; ++y)
        for (int x = 0; x < plane.width; ++x) {
            const double fromX = std::clamp(x + shift(plane.shiftX, x, y), 0.0, plane.width - 1.0);
            const double fromY = std::clamp(y + shift(plane.shiftY, x, y), 0.0, plane.height - 1.0);
            const int left = std::min(static_cast<int>(fromX), plane.width - 2),
                      top = std::min(static_cast<int>(fromY), plane.height - 2);
            const auto pixel = [&](int i, int j) { return double(plane.from[(top + j) * plane.fromStride + left + i]); };
            const double across = fromX - left, down = fromY - top;
            out[static_cast<std::size_t>(y * plane.width + x)] =
                (pixel(0, 0) * (1 - across) + pixel(1, 0) * across) * (1 - down) +
                (pixel(0, 1) * (1 - across) + pixel(1, 1) * across) * down;
        }
    return out;
}

struct RemapCase {
    int width, height, cell, halved;
};

class RemapOnEachProcessor : public ::testing::TestWithParam<RemapCase> {
protected:
    ~RemapOnEachProcessor() override { hwy::SetSupportedTargetsForTest(0); }
};

TEST_P(RemapOnEachProcessor, IsTheReferenceToOneLevelAndTheSameToTheBit) {
    const auto [width, height, cell, halved] = GetParam();
    Remap plane;
    plane.width = width;
    plane.height = height;
    plane.cell = cell;
    plane.halved = halved;
    plane.columns = (width + cell - 1) / cell;
    plane.rows = (height + cell - 1) / cell;
    std::mt19937 random(3);
    // As smooth as pictures are: on noise 1/256 px is more than a level.
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>((width + 8) * (height + 2)));
    plane.fromStride = width + 8;
    for (int y = 0; y < height + 2; ++y)
        for (int x = 0; x < width + 8; ++x)
            pixels[static_cast<std::size_t>(y * plane.fromStride + x)] =
                static_cast<std::uint8_t>(120 + 90 * std::sin(x / 3.0) * std::cos(y / 2.5) + static_cast<double>(random() % 20));
    std::vector<std::int32_t> shiftX, shiftY;
    for (int i = 0; i < (plane.columns + 1) * (plane.rows + 1); ++i) {
        shiftX.push_back(static_cast<std::int32_t>(random() % 4001) - 2000);
        shiftY.push_back(static_cast<std::int32_t>(random() % 4001) - 2000);
    }
    plane.from = pixels.data();
    plane.shiftX = shiftX.data();
    plane.shiftY = shiftY.data();
    const auto wanted = reference(plane);

    std::vector<std::uint8_t> first;
    int targets = 0;
    for (std::int64_t left = hwy::SupportedTargets() & HWY_TARGETS; left != 0; left &= left - 1, ++targets) {
        hwy::SetSupportedTargetsForTest(left & -left);
        std::vector<std::uint8_t> out(static_cast<std::size_t>(width * height));
        plane.to = out.data();
        plane.toStride = width;
        remap(plane);
        if (first.empty()) {
            first = out;
            for (std::size_t i = 0; i < out.size(); ++i)
                ASSERT_NEAR(out[i], wanted[i], 1.5) << "pixel " << i << " with " << hwy::TargetName(left & -left);
        }
        EXPECT_EQ(out, first) << hwy::TargetName(left & -left);
        hwy::SetSupportedTargetsForTest(0);
    }
    EXPECT_GE(targets, 1);
}

INSTANTIATE_TEST_SUITE_P(Sizes, RemapOnEachProcessor,
                         testing::Values(RemapCase{64, 48, 16, 0}, RemapCase{61, 37, 16, 0}, RemapCase{40, 24, 8, 0},
                                         RemapCase{33, 21, 8, 1}, RemapCase{32, 20, 4, 1}, RemapCase{18, 9, 4, 1},
                                         RemapCase{6, 6, 8, 1}));

TEST(Remap, WritesNothingWhereNothingMoves) {
    std::vector<std::uint8_t> from(40 * 34, 9), to(32 * 32, 77);
    std::vector<std::int32_t> none(9, 0);
    Remap plane;
    plane.from = from.data();
    plane.fromStride = 40;
    plane.to = to.data();
    plane.toStride = plane.width = plane.height = 32;
    plane.cell = 16;
    plane.columns = plane.rows = 2;
    plane.shiftX = plane.shiftY = none.data();
    remap(plane);
    EXPECT_TRUE(std::all_of(to.begin(), to.end(), [](auto pixel) { return pixel == 77; }));
}

TEST(Warp, LeavesEveryBitWithoutStrengthWithoutFacesAndWithFacesFadedOut) {
    const auto frame = noise(320, 240);
    auto face = drawnFace({160, 120}, 100);
    for (const auto& out :
         {warped(frame, {&face, 1}, {0, 0}), warped(frame, {}, {1, 1}), (face.opacity = 0, warped(frame, {&face, 1}, {1, 1}))})
        EXPECT_EQ(out.plane(0), frame.plane(0)) << "not even copied";
}

TEST(Warp, CopiesASharedFrameAndWritesAnOwnOneInPlace) {
    const auto face = drawnFace({160, 120}, 100);
    const auto shared = noise(320, 240);
    const auto before = noise(320, 240);
    auto out = warped(shared, {&face, 1}, {1, 1});
    EXPECT_NE(out.plane(0), shared.plane(0));
    for (int y = 0; y < 240; ++y)
        for (int x = 0; x < 320; ++x) ASSERT_EQ(at(shared, 0, x, y), at(before, 0, x, y));
    auto own = noise(320, 240);
    const auto* pixels = own.plane(0);
    Warp().apply(own, {&face, 1}, {1, 1});
    EXPECT_EQ(own.plane(0), pixels);
    for (int i = 0; i < 3; ++i)
        for (int y = 0; y < (i == 0 ? 240 : 120); ++y)
            for (int x = 0; x < (i == 0 ? 320 : 160); ++x) ASSERT_EQ(at(own, i, x, y), at(out, i, x, y));
}

TEST(Warp, LeavesEveryBitAroundTheFaceAndChangesTheFace) {
    const auto frame = noise(640, 480);
    const auto face = drawnFace({300, 240}, 160);
    const auto out = warped(frame, {&face, 1}, {1, 1});
    int changed = 0;
    for (int i = 0; i < 3; ++i)
        for (int y = 0; y < (i == 0 ? 480 : 240); ++y)
            for (int x = 0; x < (i == 0 ? 640 : 320); ++x) {
                if (at(frame, i, x, y) == at(out, i, x, y)) continue;
                ++changed;
                const float scale = i == 0 ? 1 : 2;
                // Beside the oval the picture follows within a fifth of the face's width, and a cell's corner more.
                ASSERT_LT(std::abs(static_cast<float>(x) * scale - 300), 160 * (0.5F + 0.2F) + 16) << x << ',' << y;
                ASSERT_LT(std::abs(static_cast<float>(y) * scale - 240), 160 * (0.65F + 0.2F) + 16) << x << ',' << y;
            }
    EXPECT_GT(changed, 10000);
}

TEST(Warp, NeverFoldsThePicture) {
    for (const float width : {40.0F, 90.0F, 160.0F, 400.0F, 900.0F})
        for (const Point centre : {Point{640, 360}, Point{30, 40}, Point{1270, 700}}) {
            WarpField field;
            fillField(drawnFace(centre, width), {1, 1}, 1280, 720, field);
            ASSERT_FALSE(field.empty());
            const double step = field.cell * WarpField::kUnit;
            double least = 1e9, most = 0;
            for (int row = 0; row < field.rows; ++row)
                for (int column = 0; column < field.columns; ++column) {
                    const auto d = [&](const std::vector<std::int32_t>& shift, int c, int r) {
                        return (shift[field.node(column + c, row + r)] - shift[field.node(column, row)]) / step;
                    };
                    const double area =
                        (1 + d(field.shiftX, 1, 0)) * (1 + d(field.shiftY, 0, 1)) - d(field.shiftX, 0, 1) * d(field.shiftY, 1, 0);
                    least = std::min(least, area);
                    most = std::max(most, area);
                }
            EXPECT_GT(least, 0.2) << "face of " << width << " px";
            EXPECT_LT(most, 2.2) << "face of " << width << " px";
        }
}

TEST(Warp, ShowsEyesBiggerAndTheJawNarrower) {
    const auto face = drawnFace({300, 300}, 200);
    const FaceWarp warp(face, {1, 1});
    const Point eye = middle(face.points[33], face.points[133]), corner = face.points[33];
    EXPECT_EQ(warp.shiftAt(eye), Point{});
    EXPECT_GT(warp.shiftAt(corner).x, 2) << "what is shown there comes from nearer to the eye's middle";
    for (const auto i : std::initializer_list<std::size_t>{58, 172, 136})
        EXPECT_LT(warp.shiftAt(face.points[i]).x, -4) << "from outside of the right jaw";
    for (const auto i : std::initializer_list<std::size_t>{288, 397, 365})
        EXPECT_GT(warp.shiftAt(face.points[i]).x, 4) << "from outside of the left jaw";
    EXPECT_EQ(warp.shiftAt({300, 300 - 0.6F * 200}), Point{}) << "the brow";
}

TEST(Warp, BendsLinesBesideTheFaceByAHandfulOfPixelsAndOnlyCloseToIt) {
    constexpr float kWidth = 300;  // px: a close-up at 720p
    const auto face = drawnFace({640, 360}, kWidth);
    const FaceWarp warp(face, {1, 1});
    float closest = 0, atATenth = 0;
    for (float y = 0; y < 720; ++y) {
        const auto bend = [&](float beside) { return std::hypot(warp.shiftAt({640 + kWidth * (0.5F + beside), y}).x, 0.0F); };
        closest = std::max(closest, bend(0));
        atATenth = std::max(atATenth, bend(0.1F));
        EXPECT_EQ(bend(0.21F), 0);
    }
    std::printf("a vertical line beside a face of %.0f px: %.1f px at the cheek, %.1f px a tenth of the width beside\n", kWidth,
                closest, atATenth);
    EXPECT_LT(closest, 0.05F * kWidth);
    EXPECT_LT(atATenth, 0.025F * kWidth);
}

TEST(Warp, TakesFacesAtAndBeyondEveryEdgeOfOddAndTinyAndLargePictures) {
    for (const auto& [width, height] : {std::pair{362, 642}, std::pair{64, 64}, std::pair{16, 2}, std::pair{3840, 2160}}) {
        auto frame = VideoFrame::allocate(width, height);
        Warp warp;
        const auto w = static_cast<float>(width), h = static_cast<float>(height);
        for (const Point centre :
             {Point{0, 0}, Point{w, h}, Point{w / 2, 0}, Point{-w, h / 2}, Point{w * 3, h * 3}, Point{w / 2, h / 2}})
            for (const float size : {0.02F, 0.3F, 2.0F}) {
                if (width > 1000 && size > 1) continue;  // it would only take its time
                const std::array faces{drawnFace(centre, size * w), drawnFace({centre.x + 20, centre.y}, size * w)};
                warp.apply(frame, faces, {1, 1});
            }
    }
}

TEST(Warp, TakesPointsThatAllLieOnOneSpot) {
    FaceShape face;
    face.opacity = 1;
    face.points.fill({30, 30});
    const auto frame = noise(64, 64);
    EXPECT_EQ(warped(frame, {&face, 1}, {1, 1}).plane(0), frame.plane(0));
}

}  // namespace
}  // namespace livepusher::effects::faces
