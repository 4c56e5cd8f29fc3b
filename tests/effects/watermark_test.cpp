// SPDX-License-Identifier: MIT
#include "effects/effects.hpp"

#include "effects/overlay_picture.hpp"
#include "logged.hpp"
#include "photos.hpp"

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

namespace livepusher::effects {
namespace {

/// All of one colour; alpha by column.
base::ArgbPicture picture(int width, int height, int r, int g, int b, int (*alpha)(int x)) {
    base::ArgbPicture made(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            auto* at = made.row(y) + std::ptrdiff_t{4} * x;
            const int a = alpha(x);
            at[0] = static_cast<std::uint8_t>(b * a / 255);
            at[1] = static_cast<std::uint8_t>(g * a / 255);
            at[2] = static_cast<std::uint8_t>(r * a / 255);
            at[3] = static_cast<std::uint8_t>(a);
        }
    return made;
}
int opaque(int) { return 255; }

LoadOverlay giving(const base::ArgbPicture& made) {
    return [made](const std::string&) -> Result<base::ArgbPicture> { return made; };
}

Properties at(double x, double y, double width, const std::string& path = "logo.png") {
    Properties properties;
    properties.watermark = path;
    properties.watermarkX = x;
    properties.watermarkY = y;
    properties.watermarkWidth = width;
    return properties;
}

int luma(const VideoFrame& frame, int x, int y) { return frame.plane(0)[y * frame.stride(0) + x]; }
int chroma(const VideoFrame& frame, int plane, int x, int y) { return frame.plane(plane)[y / 2 * frame.stride(plane) + x / 2]; }

VideoFrame marked(const VideoFrame& frame, const base::ArgbPicture& with, const Properties& properties) {
    auto done = test::copyOf(frame);
    makeWatermark(giving(with))->apply(done, {}, properties);
    return done;
}

TEST(Watermark, LiesWhereItIsPutAndNowhereElse) {
    const auto original = test::random(640, 360, 1);
    const auto done = marked(original, picture(100, 50, 255, 0, 0, opaque), at(0.5, 0.25, 0.25));
    for (int y = 0; y < 360; ++y) {
        for (int x = 0; x < 640; ++x) {
            const bool inside = x >= 320 && x < 480 && y >= 90 && y < 170;
            if (inside) {  // red of BT.709
                ASSERT_NEAR(luma(done, x, y), 63, 1) << x << ' ' << y;
                ASSERT_NEAR(chroma(done, 1, x, y), 102, 1);
                ASSERT_NEAR(chroma(done, 2, x, y), 240, 1);
            } else {
                ASSERT_EQ(luma(done, x, y), luma(original, x, y)) << x << ' ' << y;
                ASSERT_EQ(chroma(done, 1, x, y), chroma(original, 1, x, y));
                ASSERT_EQ(chroma(done, 2, x, y), chroma(original, 2, x, y));
            }
        }
    }
}

TEST(Watermark, LetsThroughAsMuchAsItsAlphaSays) {
    const auto original = test::random(640, 360, 1);
    const auto clear = marked(original, picture(64, 64, 255, 255, 255, [](int) { return 0; }), at(0, 0, 0.5));
    EXPECT_TRUE(test::samePixels(clear, original));
    const auto half =
        marked(test::plain(640, 360, 16, 128, 128), picture(64, 64, 255, 255, 255, [](int) { return 128; }), at(0, 0, 0.5));
    EXPECT_NEAR(luma(half, 50, 50), 16 + 219 * 128 / 255, 1);
    // A hard edge has no dark or coloured seam: what is transparent has no part in the colours beside it.
    const auto edge = marked(test::plain(640, 360, 235, 128, 128),
                             picture(333, 64, 255, 255, 255, [](int x) { return x < 166 ? 255 : 0; }), at(0, 0, 0.5));
    for (int x = 0; x < 320; ++x) {
        ASSERT_NEAR(luma(edge, x, 20), 235, 1);
        ASSERT_NEAR(chroma(edge, 1, x, 20), 128, 1);
    }
}

TEST(Watermark, IsCutOffAtTheEdgesAndNoHigherThanThePicture) {
    const auto original = test::plain(362, 642, 16, 128, 128);
    for (const double x : {0.0, 0.9, 1.0})
        for (const double y : {0.0, 0.95, 1.0}) {
            const auto done = marked(original, picture(30, 40, 255, 255, 255, opaque), at(x, y, 0.3));
            EXPECT_EQ(luma(done, 361, 641) > 200, x == 0.9 && y == 0.95);
            EXPECT_EQ(luma(done, 0, 0) > 200, x == 0.0 && y == 0.0);
        }
    const OverlayPicture tall(picture(2, 4000, 255, 255, 255, opaque), {362, 642, 0, 0, 1, true});
    EXPECT_EQ(tall.height(), 642);
    EXPECT_EQ(tall.width(), 2);
    const OverlayPicture tiny(picture(4000, 2, 255, 255, 255, opaque), {64, 64, 0.5, 0.5, 0.01, true});
    EXPECT_EQ(tiny.width(), 2);
    EXPECT_EQ(tiny.height(), 2);
}

TEST(Watermark, FollowsTheMatrix) {
    auto original = test::plain(640, 360, 16, 128, 128);
    original.bt709 = false;
    auto done = test::copyOf(original);
    makeWatermark(giving(picture(64, 64, 255, 0, 0, opaque)))->apply(done, {}, at(0, 0, 0.5));
    EXPECT_NEAR(luma(done, 20, 20), 81, 1);
    EXPECT_NEAR(chroma(done, 1, 20, 20), 90, 1);
}

TEST(Watermark, TouchesNothingWithoutAPathAndNeverWhatIsShared) {
    const auto original = test::random(64, 64, 1);
    const auto before = test::copyOf(original);
    const auto effect = makeWatermark(giving(picture(64, 64, 255, 0, 0, opaque)));
    auto frame = original;
    effect->apply(frame, {}, at(0, 0, 1, ""));
    EXPECT_EQ(frame.plane(0), original.plane(0));
    makeWatermark(giving(picture(64, 64, 255, 0, 0, opaque)))->apply(frame, {}, at(0, 0, 1));
    EXPECT_NE(frame.plane(0), original.plane(0));
    EXPECT_TRUE(test::samePixels(original, before));
}

TEST(Watermark, SaysOnceThatAFileCantBeUsed) {
    test::Logged log;
    const auto effect = makeWatermark([](const std::string&) -> Result<base::ArgbPicture> {
        return Error{Code::SourceFailed, "no such file", 2};
    });
    const auto original = test::random(64, 64, 1);
    for (int i = 0; i < 30; ++i) {
        auto frame = original;
        effect->apply(frame, {}, at(0, 0, 0.1 + 0.01 * i));
        EXPECT_EQ(frame.plane(0), original.plane(0));
    }
    EXPECT_EQ(log.count("watermark \"logo.png\": no such file; left out"), 1U);
}

TEST(Watermark, FollowsChangesAndReadsAFileOnce) {
    const auto reads = std::make_shared<std::atomic<int>>(0);
    const auto effect = makeWatermark([reads](const std::string&) -> Result<base::ArgbPicture> {
        ++*reads;
        return picture(64, 64, 255, 255, 255, opaque);
    });
    const auto original = test::plain(640, 360, 16, 128, 128);
    for (const double x : {0.1, 0.6, 0.2, 0.8}) {
        bool there = false;
        for (int i = 0; i < 100'000 && !there; ++i) {
            auto frame = test::copyOf(original);
            effect->apply(frame, {}, at(x, 0.1, 0.1));
            there = luma(frame, static_cast<int>(640 * x) + 20, 60) > 200;
            if (there) {
                EXPECT_EQ(luma(frame, static_cast<int>(640 * x) - 4, 60), 16);
            }
            std::this_thread::yield();
        }
        EXPECT_TRUE(there);
    }
    EXPECT_EQ(*reads, 1);
    auto other = test::plain(320, 180, 16, 128, 128);  // another size: at once
    effect->apply(other, {}, at(0.8, 0.1, 0.1));
    EXPECT_GT(luma(other, 260, 30), 200);
    auto gone = test::copyOf(original);  // and at once gone
    effect->apply(gone, {}, at(0.8, 0.1, 0.1, ""));
    EXPECT_TRUE(test::samePixels(gone, original));
}

}  // namespace
}  // namespace livepusher::effects
