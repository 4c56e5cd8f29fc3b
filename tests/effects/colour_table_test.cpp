// SPDX-License-Identifier: MIT
#include "effects/effects.hpp"

#include "effects/colour_look.hpp"
#include "lab.hpp"
#include "logged.hpp"
#include "photos.hpp"
#include "temp_file.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <iostream>
#include <thread>
#include <vector>

namespace livepusher::effects {
namespace {

constexpr Filter kFilters[]{Filter::pink,    Filter::nostalgia, Filter::blues,        Filter::romantic,  Filter::cool,
                            Filter::fresher, Filter::solor,     Filter::aestheticism, Filter::whitening, Filter::cerisered};

Properties with(Filter filter, double strength = 1, int whiteness = 0) {
    Properties properties;
    properties.filter = filter;
    properties.filterStrength = strength;
    properties.whiteness = whiteness;
    return properties;
}

VideoFrame once(const VideoFrame& frame, const Properties& properties) {
    auto done = test::copyOf(frame);
    makeColourTable()->apply(done, {frame.width(), frame.height()}, properties);
    return done;
}

Yuv pixel(const VideoFrame& frame, int x, int y) {
    const auto at = [&](int plane) {
        const int shift = plane > 0;
        return static_cast<float>(frame.plane(plane)[(y >> shift) * frame.stride(plane) + (x >> shift)]);
    };
    return {at(0), at(1), at(2)};
}

template <typename Other>
double meanDifference(const VideoFrame& frame, const Other& other) {
    double sum = 0;
    long count = 0;
    for (int y = 0; y < frame.height(); y += 3)
        for (int x = 0; x < frame.width(); x += 3) {
            sum += test::difference(test::labOf(toRgb(pixel(frame, x, y), frame.bt709)),
                                    test::labOf(toRgb(other(x, y), frame.bt709)));
            ++count;
        }
    return sum / static_cast<double>(count);
}

Rgb inverted(const Rgb& c) { return {1 - c.r, 1 - c.g, 1 - c.b}; }

std::string cubeText(int size, Rgb (*change)(const Rgb&)) {
    std::string text = "LUT_3D_SIZE " + std::to_string(size) + "\n";
    for (int b = 0; b < size; ++b)
        for (int g = 0; g < size; ++g)
            for (int r = 0; r < size; ++r) {
                const auto at = [&](int i) { return static_cast<float>(i) / static_cast<float>(size - 1); };
                const auto c = change({at(r), at(g), at(b)});
                text += std::to_string(c.r) + " " + std::to_string(c.g) + " " + std::to_string(c.b) + "\n";
            }
    return text;
}

/// Puts copies of a frame through until it comes out as expected.
bool becomes(VideoEffect& effect, const VideoFrame& from, const Properties& properties, const VideoFrame& expected) {
    for (int i = 0; i < 20'000; ++i) {
        auto frame = test::copyOf(from);
        effect.apply(frame, {}, properties);
        if (test::samePixels(frame, expected)) return true;
        std::this_thread::yield();
    }
    return false;
}

TEST(ColourTable, OfEachFilterIsAsExactAsTheFormat) {
    for (const bool bt709 : {false, true}) {
        auto photo = test::astronaut({0, 0, 512, 512}, 512, 512, 0);
        photo.bt709 = bt709;
        for (const auto filter : kFilters) {
            const auto properties = with(filter, 1, 3);
            const auto made = once(photo, properties);
            const auto look = colourLook(properties);
            const double error =
                meanDifference(made, [&](int x, int y) { return recoloured(pixel(photo, x, y), look, nullptr, bt709); });
            if (bt709) std::cout << "filter " << static_cast<int>(filter) << ": mean difference from float " << error << '\n';
            EXPECT_LT(error, 0.8);
        }
    }
}

TEST(ColourTable, MakesEachFilterLookDifferent) {
    const auto photo = test::astronaut({0, 0, 512, 512}, 512, 512, 0);
    std::vector<VideoFrame> looks{photo};
    for (const auto filter : kFilters) looks.push_back(once(photo, with(filter)));
    double least = 100;
    for (std::size_t i = 0; i < looks.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            const double apart = meanDifference(looks[i], [&](int x, int y) { return pixel(looks[j], x, y); });
            EXPECT_GT(apart, 2) << i << " and " << j;
            least = std::min(least, apart);
        }
    std::cout << "filters: at least " << least << " apart\n";
}

TEST(ColourTable, TouchesNothingWhenNothingIsSet) {
    const auto photo = test::random(64, 64, 1);
    const auto effect = makeColourTable();
    for (const auto& properties : {Properties{}, with(Filter::standard), with(Filter::pink, 0)}) {
        auto frame = photo;  // shared: a write would be a copy
        effect->apply(frame, {}, properties);
        EXPECT_EQ(frame.plane(0), photo.plane(0));
    }
}

TEST(ColourTable, NeverWritesWhatIsShared) {
    const auto photo = test::random(64, 64, 1);
    const auto before = test::copyOf(photo);
    auto frame = photo;
    makeColourTable()->apply(frame, {}, with(Filter::pink));
    EXPECT_NE(frame.plane(0), photo.plane(0));
    EXPECT_TRUE(test::samePixels(photo, before));
    EXPECT_FALSE(test::samePixels(frame, before));
}

TEST(ColourTable, GetsBrighterWithEachWhitenessAndStaysWithinBlackAndWhite) {
    const auto photo = test::astronaut({0, 0, 512, 512}, 512, 512, 0);
    double before = 0;
    for (int whiteness = 0; whiteness <= 9; ++whiteness) {
        const auto made = once(photo, with(Filter::standard, 1, whiteness));
        double sum = 0;
        for (int y = 0; y < 512; ++y)
            for (int x = 0; x < 512; ++x) sum += pixel(made, x, y).y;
        EXPECT_GT(sum, before);
        before = sum;
    }
    for (const int luma : {16, 235}) {
        const auto made = once(test::plain(64, 64, luma, 128, 128), with(Filter::standard, 1, 9));
        EXPECT_NEAR(made.plane(0)[0], luma, 1);
    }
}

TEST(ColourTable, FollowsStrength) {
    const auto photo = test::astronaut({0, 0, 512, 512}, 256, 256, 0);
    double before = 0;
    for (const double strength : {0.25, 0.5, 0.75, 1.0}) {
        const auto made = once(photo, with(Filter::nostalgia, strength));
        const double apart = meanDifference(made, [&](int x, int y) { return pixel(photo, x, y); });
        EXPECT_GT(apart, before + 0.5);
        before = apart;
    }
}

TEST(ColourTable, ReadsTheApplicationsOwnFile) {
    const test::TempFile file(cubeText(9, inverted));
    auto properties = with(Filter::standard);
    properties.filterFile = file.path();
    const auto grey = test::plain(64, 64, 16 + 55, 128, 128);
    const auto made = once(grey, properties);
    EXPECT_NEAR(made.plane(0)[0], 235 - 55, 1);
    EXPECT_NEAR(made.plane(1)[0], 128, 1);
    properties.filterFile = "";
    const test::TempFile same(cubeText(2, [](const Rgb& c) { return c; }));
    properties.filterFile = same.path();
    const auto photo = test::astronaut({0, 0, 512, 512}, 128, 128, 0);
    EXPECT_TRUE(test::samePixels(once(photo, properties), photo));
}

TEST(ColourTable, LeavesOutAFileThatItCantUseAndSaysSoOnce) {
    test::Logged log;
    const test::TempFile file("LUT_3D_SIZE 2\n0 0 nan\n");
    auto properties = with(Filter::pink);
    const auto photo = test::random(64, 64, 1);
    const auto pink = once(photo, properties);
    const auto effect = makeColourTable();
    for (const auto& path : {file.path(), std::string("/nowhere/look.cube")}) {
        properties.filterFile = path;
        const auto told = [&] { return log.count(path) > 0; };
        for (int i = 0; i < 20'000 && !told(); ++i) {
            auto frame = test::copyOf(photo);
            effect->apply(frame, {}, properties);
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        for (int i = 0; i < 10; ++i) EXPECT_TRUE(becomes(*effect, photo, properties, pink));
    }
    EXPECT_EQ(log.count("line 2: \"nan\" is not a finite number; left out"), 1U);
    EXPECT_EQ(log.count("\"/nowhere/look.cube\": there is no such file; left out"), 1U);
}

TEST(ColourTable, FadesInFiveFramesToExactlyWhatIsWanted) {
    const auto photo = test::astronaut({0, 0, 512, 512}, 256, 256, 0);
    for (const auto& [from, to] :
         {std::pair{with(Filter::pink), with(Filter::blues)}, std::pair{with(Filter::standard), with(Filter::nostalgia)},
          std::pair{with(Filter::nostalgia), with(Filter::standard)}}) {
        const auto old = once(photo, from), wanted = once(photo, to);
        const auto effect = makeColourTable();
        auto frame = test::copyOf(photo);
        effect->apply(frame, {}, from);
        std::vector<double> away;  // from what is wanted, frame by frame, once it moves
        for (int i = 0; i < 20'000 && away.size() < 5; ++i) {
            frame = test::copyOf(photo);
            effect->apply(frame, {}, to);
            if (away.empty() && test::samePixels(frame, old)) {  // still being made
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
                continue;
            }
            away.push_back(meanDifference(frame, [&](int x, int y) { return pixel(wanted, x, y); }));
        }
        ASSERT_EQ(away.size(), 5U);
        const double all = meanDifference(old, [&](int x, int y) { return pixel(wanted, x, y); });
        EXPECT_NEAR(away[0], 0.8 * all, 0.12 * all);
        for (std::size_t i = 1; i < away.size(); ++i) EXPECT_LT(away[i], away[i - 1]);
        EXPECT_EQ(away.back(), 0);
    }
}

TEST(ColourTable, MakesAnotherForTheOtherMatrixAtOnce) {
    auto photo = test::astronaut({0, 0, 512, 512}, 128, 128, 0);
    const auto effect = makeColourTable();
    for (const bool bt709 : {false, true, false}) {
        photo.bt709 = bt709;
        auto frame = test::copyOf(photo);
        effect->apply(frame, {}, with(Filter::pink));
        EXPECT_TRUE(test::samePixels(frame, once(photo, with(Filter::pink))));
    }
}

TEST(ColourTable, WaitsForEachWhereItIsToldTo) {
    const auto photo = test::astronaut({0, 0, 512, 512}, 128, 128, 0);
    const auto effect = makeColourTable(true);
    auto frame = test::copyOf(photo);
    effect->apply(frame, {}, with(Filter::standard));
    for (int i = 0; i < 5; ++i) {
        frame = test::copyOf(photo);
        effect->apply(frame, {}, with(Filter::pink));
        EXPECT_FALSE(test::samePixels(frame, photo));
    }
    EXPECT_TRUE(test::samePixels(frame, once(photo, with(Filter::pink))));
}

TEST(ColourTable, TakesSaturatedColoursAndNonsense) {
    constexpr std::array<std::array<int, 3>, 8> kColours{
        {{0, 0, 0}, {255, 255, 255}, {81, 90, 240}, {41, 240, 110}, {0, 255, 0}, {255, 0, 255}, {145, 54, 34}, {128, 128, 128}}};
    auto frame = VideoFrame::allocate(16 * kColours.size(), 16);  // fields of 16x16
    for (std::size_t plane = 0; plane < 3; ++plane)
        for (int y = 0; y < (plane > 0 ? 8 : 16); ++y)
            for (int x = 0; x < frame.width() / (plane > 0 ? 2 : 1); ++x)
                frame.mutablePlane(static_cast<int>(plane))[y * frame.stride(static_cast<int>(plane)) + x] =
                    static_cast<std::uint8_t>(kColours[static_cast<std::size_t>(x / (plane > 0 ? 8 : 16))][plane]);
    for (const auto filter : kFilters) {
        const auto made = once(frame, with(filter, 1, 9));
        for (int plane = 0; plane < 3; ++plane)
            for (int x = 0; x < frame.width() / (plane > 0 ? 2 : 1); ++x)  // each field is still of one colour
                EXPECT_EQ(made.plane(plane)[x], made.plane(plane)[x / 8 * 8]);
    }
}

}  // namespace
}  // namespace livepusher::effects
