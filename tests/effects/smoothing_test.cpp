// SPDX-License-Identifier: MIT
// What smoothing does to a real portrait, in numbers.
#include "effects/effects.hpp"

#include "effects/polygon.hpp"
#include "effects/skin_mask.hpp"
#include "photos.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iostream>
#include <vector>

namespace livepusher::effects {
namespace {

using Area = std::function<bool(int x, int y)>;

Properties beauty(int level, BeautyStyle style = BeautyStyle::smooth) {
    Properties properties;
    properties.beauty = level;
    properties.beautyStyle = style;
    return properties;
}

std::shared_ptr<FaceMailbox> withFace() {
    auto mailbox = std::make_shared<FaceMailbox>();
    mailbox->faces.push_back(test::portraitFace());
    return mailbox;
}

VideoFrame smoothed(const VideoFrame& frame, const Properties& properties,
                    std::shared_ptr<const FaceMailbox> mailbox = withFace()) {
    auto done = test::copyOf(frame);
    makeSmoothing(std::move(mailbox))->apply(done, {}, properties);
    return done;
}

int luma(const VideoFrame& frame, int x, int y) { return frame.plane(0)[y * frame.stride(0) + x]; }

/// Cheeks, chin and forehead of portrait().
bool skin(int x, int y) {
    const auto in = [&](int left, int top, int right, int bottom) { return x >= left && x < right && y >= top && y < bottom; };
    return in(525, 290, 580, 360) || in(660, 295, 715, 370) || in(590, 440, 660, 480) || in(590, 215, 665, 245);
}

/// How much each pixel stands out from the 9x9 around it.
double texture(const VideoFrame& frame, const Area& area) {
    double sum = 0;
    long count = 0;
    for (int y = 4; y < frame.height() - 4; y += 2)
        for (int x = 4; x < frame.width() - 4; x += 3) {
            if (!area(x, y)) continue;
            int total = 0;
            for (int j = -4; j <= 4; ++j)
                for (int i = -4; i <= 4; ++i) total += luma(frame, x + i, y + j);
            const double mean = total / 81.0;
            sum += (luma(frame, x, y) - mean) * (luma(frame, x, y) - mean);
            ++count;
        }
    return std::sqrt(sum / static_cast<double>(count));
}

/// The steepest tenth of the edges of eyes and lips, over three pixels so that noise counts little.
double edges(const VideoFrame& frame, const VideoFrame& where) {
    const auto steepness = [](const VideoFrame& of, int x, int y) {
        double across = 0, down = 0;
        for (int i = -1; i <= 1; ++i) {
            across += luma(of, x + 3, y + i) - luma(of, x - 3, y + i);
            down += luma(of, x + i, y + 3) - luma(of, x + i, y - 3);
        }
        return std::hypot(across, down);
    };
    struct Edge {
        double original, now;
    };
    std::vector<Edge> all;
    const auto collect = [&](int left, int top, int right, int bottom) {
        for (int y = top; y < bottom; ++y)
            for (int x = left; x < right; ++x) all.push_back({steepness(where, x, y), steepness(frame, x, y)});
    };
    collect(522, 244, 582, 274);
    collect(666, 250, 728, 282);
    collect(555, 380, 690, 425);
    std::sort(all.begin(), all.end(), [](const Edge& a, const Edge& b) { return a.original > b.original; });
    double sum = 0;
    for (std::size_t i = 0; i < all.size() / 10; ++i) sum += all[i].now / all[i].original;
    return sum / static_cast<double>(all.size() / 10);
}

TEST(Smoothing, TakesMoreTextureWithEachLevelAndLeavesEyesAndLips) {
    const auto original = test::portrait();
    for (const auto style : {BeautyStyle::smooth, BeautyStyle::nature}) {
        double before = texture(original, skin);
        const double all = before;
        for (int level = 1; level <= 9; ++level) {
            const auto done = smoothed(original, beauty(level, style));
            const double left = texture(done, skin), kept = edges(done, original);
            std::cout << (style == BeautyStyle::smooth ? "smooth " : "nature ") << level << ": texture cut by "
                      << std::lround(100 * (1 - left / all)) << " %, edges kept " << std::lround(100 * kept) << " %\n";
            EXPECT_LT(left, before);
            EXPECT_GE(kept, 0.88);
            before = left;
        }
        EXPECT_LE(before, (style == BeautyStyle::smooth ? 0.55 : 0.8) * all);
    }
}

TEST(Smoothing, FindsSkinWithoutAFaceToo) {
    const auto original = test::portrait();
    const double all = texture(original, skin);
    for (const int level : {1, 3, 5, 7, 9}) {
        const auto done = smoothed(original, beauty(level), nullptr);
        const double kept = edges(done, original), left = texture(done, skin);
        std::cout << "without a face " << level << ": texture cut by " << std::lround(100 * (1 - left / all)) << " %, edges kept "
                  << std::lround(100 * kept) << " %\n";
        EXPECT_GE(kept, 0.88);
        if (level == 9) {
            EXPECT_LE(left, 0.55 * all);
        }
    }
}

TEST(Smoothing, LeavesToTheBitWhatIsNoSkin) {
    const auto original = test::portrait();
    const auto mailbox = withFace();
    const auto done = smoothed(original, beauty(9), mailbox);
    Plane<std::int16_t> small;
    small.resize(320, 179);
    kernels::shrinkLuma({original.plane(0), original.stride(0), 1280, 716}, small);
    SkinMask mask;
    mask.find(original, small, mailbox->faces);
    double squares = 0;
    long count = 0;
    for (int y = 0; y < 716; ++y) {
        for (int x = 0; x < 1280; ++x) {
            int most = 0;
            for (int j = -1; j <= 1; ++j)
                for (int i = -1; i <= 1; ++i)
                    most = std::max<int>(most, mask.cells().at(std::clamp(x / 4 + i, 0, 319), std::clamp(y / 4 + j, 0, 178)));
            if (most > 0) continue;
            ASSERT_EQ(luma(done, x, y), luma(original, x, y)) << x << ' ' << y;
            ++count;
        }
    }
    // A rule of its own: the suit and the dark of the hair, wherever the mask lies.
    long dark = 0;
    for (int y = 560; y < 700; ++y)
        for (int x = 560; x < 760; ++x) {
            squares += std::pow(luma(done, x, y) - luma(original, x, y), 2);
            ++dark;
        }
    EXPECT_GT(count, 1280L * 716 / 10);
    const double psnr = 10 * std::log10(255.0 * 255 / std::max(squares / static_cast<double>(dark), 1e-9));
    std::cout << "outside: " << count << " pixels to the bit; suit " << psnr << " dB\n";
    EXPECT_GE(psnr, 60);
    for (int plane = 1; plane < 3; ++plane)
        for (int y = 0; y < 358; ++y)
            for (int x = 0; x < 640; ++x)
                ASSERT_EQ(done.plane(plane)[y * done.stride(plane) + x], original.plane(plane)[y * original.stride(plane) + x]);
}

TEST(Smoothing, SparesEyesAndLipsOfAFace) {
    const auto original = test::portrait();
    const auto done = smoothed(original, beauty(9));
    for (const auto& [x, y] : {std::pair{552, 258}, std::pair{697, 266}, std::pair{620, 402}})
        for (int j = -2; j <= 2; ++j)
            for (int i = -2; i <= 2; ++i) EXPECT_EQ(luma(done, x + i, y + j), luma(original, x + i, y + j));
}

TEST(Smoothing, TouchesNothingAtZero) {
    const auto original = test::portrait();
    const auto effect = makeSmoothing(withFace());
    auto custom = beauty(0);
    custom.customEffect = true;
    auto without = beauty(0);  // set, but not turned on
    without.skinSmoothness = without.skinWhiteness = 1;
    for (const auto& properties : {beauty(0), beauty(0, BeautyStyle::nature), custom, without}) {
        auto frame = original;
        effect->apply(frame, {}, properties);
        EXPECT_EQ(frame.plane(0), original.plane(0));
    }
    const auto grey = test::plain(640, 360, 128, 128, 128);  // nothing in it is skin
    auto frame = grey;
    makeSmoothing()->apply(frame, {}, beauty(9));
    EXPECT_EQ(frame.plane(0), grey.plane(0));
}

TEST(Smoothing, NeverWritesWhatIsShared) {
    const auto original = test::portrait();
    const auto before = test::copyOf(original);
    auto frame = original;
    makeSmoothing()->apply(frame, {}, beauty(9));
    EXPECT_NE(frame.plane(0), original.plane(0));
    EXPECT_TRUE(test::samePixels(original, before));
}

TEST(Smoothing, TakesSkinSmoothnessAsItsLevelTimesNine) {
    const auto original = test::portrait();
    auto custom = beauty(0);
    custom.customEffect = true;
    custom.skinSmoothness = 1;
    EXPECT_TRUE(test::samePixels(smoothed(original, custom), smoothed(original, beauty(9))));
    custom.beauty = 3;
    custom.skinSmoothness = 0.1;  // the stronger counts
    EXPECT_TRUE(test::samePixels(smoothed(original, custom), smoothed(original, beauty(3))));
}

TEST(Smoothing, BrightensSkinAlone) {
    const auto original = test::portrait();
    auto custom = beauty(0);
    custom.customEffect = true;
    double before = 0;
    const auto mean = [](const VideoFrame& frame) {
        double sum = 0;
        long count = 0;
        for (int y = 0; y < frame.height(); ++y)
            for (int x = 0; x < frame.width(); ++x)
                if (skin(x, y)) sum += luma(frame, x, y), ++count;
        return sum / static_cast<double>(count);
    };
    for (const double whiteness : {0.0, 0.3, 0.6, 1.0}) {
        custom.skinWhiteness = whiteness;
        const auto done = smoothed(original, custom);
        EXPECT_GT(mean(done), before + (before > 0 ? 3 : 0));
        EXPECT_EQ(luma(done, 660, 640), luma(original, 660, 640));  // the suit
        // Brighter, not flatter: texture keeps what the curve's slope leaves of it.
        EXPECT_GT(texture(done, skin), 0.5 * texture(original, skin));
        before = mean(done);
    }
}

TEST(Smoothing, DoesNotFlickerMoreThanTheCamera) {
    constexpr int kFrames = 12;
    const auto effect = makeSmoothing(withFace());
    std::vector<VideoFrame> in, out;
    for (unsigned i = 0; i < kFrames; ++i) {
        in.push_back(test::portrait(i));
        out.push_back(test::copyOf(in.back()));
        effect->apply(out.back(), {}, beauty(9));
    }
    const auto flicker = [](const std::vector<VideoFrame>& frames, const Area& area) {
        double sum = 0;
        long count = 0;
        for (int y = 180; y < 540; y += 2)
            for (int x = 470; x < 790; x += 2) {
                if (!area(x, y)) continue;
                double mean = 0, square = 0;
                for (const auto& frame : frames) {
                    mean += luma(frame, x, y) / static_cast<double>(kFrames);
                    square += luma(frame, x, y) * luma(frame, x, y) / static_cast<double>(kFrames);
                }
                sum += square - mean * mean;
                ++count;
            }
        return std::sqrt(sum / static_cast<double>(count));
    };
    const auto everywhere = [](int, int) { return true; };
    std::cout << "flicker: skin " << flicker(in, skin) << " -> " << flicker(out, skin) << ", face and around "
              << flicker(in, everywhere) << " -> " << flicker(out, everywhere) << '\n';
    EXPECT_LT(flicker(out, skin), flicker(in, skin));
    EXPECT_LE(flicker(out, everywhere), flicker(in, everywhere));
}

TEST(Smoothing, FadesBetweenWithAndWithoutFace) {
    const auto original = test::portrait();
    const auto mailbox = withFace();
    double before = -1;
    for (const float opacity : {0.0F, 0.25F, 0.5F, 0.75F, 1.0F}) {  // at the eyes ever less happens
        mailbox->faces[0].opacity = opacity;
        const auto done = smoothed(original, beauty(9), mailbox);
        double change = 0;
        for (int y = 225; y < 290; ++y)
            for (int x = 525; x < 580; ++x) change += std::abs(luma(done, x, y) - luma(original, x, y));
        if (before >= 0) {
            EXPECT_LT(change, before * 1.02);
        }
        before = change;
    }
}

TEST(Smoothing, TakesAnySizeAndColour) {
    for (const auto& [width, height] :
         {std::pair{362, 642}, std::pair{64, 64}, std::pair{66, 64}, std::pair{16, 16}, std::pair{3840, 2160}}) {
        auto frame = test::random(width, height, 1, 16, 235);
        makeSmoothing()->apply(frame, {}, beauty(9));
        auto skinny = test::plain(width, height, 150, 108, 152);
        makeSmoothing()->apply(skinny, {}, beauty(9));
        for (int x = 0; x < width; ++x) ASSERT_NEAR(luma(skinny, x, height / 2), 150, 1);  // flat stays flat
    }
    for (const auto& [y, u, v] :
         {std::array{0, 0, 0}, std::array{255, 255, 255}, std::array{81, 90, 240}, std::array{255, 108, 152}}) {
        auto frame = test::plain(128, 128, y, u, v);
        makeSmoothing()->apply(frame, {}, beauty(9));
        EXPECT_NEAR(luma(frame, 64, 64), y, 1);
    }
}

TEST(Smoothing, TakesFacesThatLieAnywhere) {
    const auto original = test::portrait();
    const auto mailbox = withFace();
    auto face = test::portraitFace();
    for (auto& point : face.points) point = {point.x - 900, point.y + 500};
    mailbox->faces.push_back(face);
    for (auto& point : face.points) point = {1e9F, -1e9F};
    mailbox->faces.push_back(face);
    for (auto& point : face.points) point = {10, 10};
    mailbox->faces.push_back(face);
    for (int i = 0; i < 7; ++i) mailbox->faces.push_back(test::portraitFace());
    EXPECT_LE(texture(smoothed(original, beauty(9), mailbox), skin), 0.55 * texture(original, skin));
}

TEST(Smoothing, UsesWhatItFoundForAsManyFramesAsItIsTold) {
    const auto original = test::portrait();
    auto mailbox = withFace();
    mailbox->skinEvery = 2;
    const auto effect = makeSmoothing(mailbox);
    auto first = test::copyOf(original), second = test::copyOf(original);
    effect->apply(first, {}, beauty(9));
    effect->apply(second, {}, beauty(9));
    EXPECT_TRUE(test::samePixels(first, second));
    mailbox->smooth = false;
    auto third = original;
    effect->apply(third, {}, beauty(9));
    EXPECT_EQ(third.plane(0), original.plane(0));
}

}  // namespace
}  // namespace livepusher::effects
