// SPDX-License-Identifier: MIT
// The table's kernel against the plainest prism interpolation, on every vector unit; and all units against each other.
#include "effects/colour_kernels.hpp"

#include "effects/colour_lattice.hpp"
#include "photos.hpp"
#include "vector_targets.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

namespace livepusher::effects::kernels {
namespace {

using test::Chance;

Picture inPlace(VideoFrame& frame) {
    Picture picture{.width = frame.width(), .height = frame.height()};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto plane = static_cast<int>(i);
        picture.from[i] = picture.to[i] = frame.mutablePlane(plane);
        picture.fromStride[i] = picture.toStride[i] = frame.stride(plane);
    }
    return picture;
}

/// Any change that isn't linear.
Yuv bend(const Yuv& in) {
    return {255 * std::pow(std::max(in.y, 0.0F) / 255, 0.7F) + 0.1F * (in.u - 128),
            128 + 0.8F * (in.u - 128) + 0.06F * (in.y - 128),
            128 + 1.1F * (in.v - 128) - 0.00004F * in.y * (in.u - 128) * (in.v - 128) / 4};
}

double nodeValue(int u, int v, int y, int plane) {
    const auto made = bend({static_cast<float>(8 * y), static_cast<float>(8 * u), static_cast<float>(8 * v)});
    return std::clamp<double>(plane == 0 ? made.y : plane == 1 ? made.u : made.v, 0, 256);
}

double prism(double y, int u, int v, int plane) {
    const int iu = u / 8, iv = v / 8, iy = static_cast<int>(y) / 8;
    const double fu = u % 8 / 8.0, fv = v % 8 / 8.0, fy = y / 8 - iy;
    const auto level = [&](int at) {
        const double far = nodeValue(iu + 1, iv + 1, at, plane), near = nodeValue(iu, iv, at, plane);
        const double side = fu > fv ? nodeValue(iu + 1, iv, at, plane) : nodeValue(iu, iv + 1, at, plane);
        return near * (1 - std::max(fu, fv)) + far * std::min(fu, fv) + side * std::abs(fu - fv);
    };
    return std::clamp(level(iy) * (1 - fy) + level(iy + 1) * fy, 0.0, 255.0);
}

TEST(ColourKernels, InterpolateInPrisms) {
    const auto cells = colourCells(bend);
    for (const auto& [width, height] : {std::pair{64, 64}, std::pair{362, 642}, std::pair{66, 34}, std::pair{16, 16}}) {
        const auto original = test::random(width, height, 3);
        std::optional<VideoFrame> first;
        test::onEachTarget([&] {
            auto frame = test::copyOf(original);
            applyColours(*cells, inPlace(frame));
            if (!first) first = test::copyOf(frame);
            ASSERT_TRUE(test::samePixels(frame, *first));
        });
        const auto& made = *first;
        for (int y = 0; y < original.height(); ++y) {
            for (int x = 0; x < original.width(); ++x) {
                const auto at = [&](const VideoFrame& frame, int plane, int column, int row) {
                    return int{frame.plane(plane)[row * frame.stride(plane) + column]};
                };
                const int u = at(original, 1, x / 2, y / 2), v = at(original, 2, x / 2, y / 2);
                ASSERT_NEAR(at(made, 0, x, y), prism(at(original, 0, x, y), u, v, 0), 1) << x << ' ' << y;
                if (x % 2 != 0 || y % 2 != 0) continue;
                const int mean = (at(original, 0, x, y) + at(original, 0, x + 1, y) + at(original, 0, x, y + 1) +
                                  at(original, 0, x + 1, y + 1) + 2) /
                                 4;
                for (const int plane : {1, 2}) ASSERT_NEAR(at(made, plane, x / 2, y / 2), prism(mean, u, v, plane), 1);
            }
        }
    }
}

TEST(ColourKernels, LeaveEveryColourToTheBitWithATableThatChangesNothing) {
    const auto cells = colourCells([](const Yuv& yuv) { return yuv; });
    auto original = VideoFrame::allocate(512, 512);
    for (int plane = 0; plane < 3; ++plane)  // all pairs of chroma, with each all luma in turn
        for (int y = 0; y < (plane > 0 ? 256 : 512); ++y)
            for (int x = 0; x < (plane > 0 ? 256 : 512); ++x)
                original.mutablePlane(plane)[y * original.stride(plane) + x] =
                    static_cast<std::uint8_t>(plane == 0   ? (x * 7 + y * 13) & 255
                                              : plane == 1 ? x
                                                           : y);
    test::onEachTarget([&] {
        auto frame = test::copyOf(original);
        applyColours(*cells, inPlace(frame));
        EXPECT_TRUE(test::samePixels(frame, original));
    });
}

TEST(ColourKernels, TakeTablesThatJumpFromEndToEnd) {
    const auto cells = colourCells([](const Yuv& in) {
        const bool odd = static_cast<int>(in.y / 8 + in.u / 8 + in.v / 8) % 2 != 0;
        return odd ? Yuv{1e9F, -1e9F, 300} : Yuv{-50, 500, -1};
    });
    const auto original = test::random(130, 66, 4);
    std::optional<VideoFrame> first;
    test::onEachTarget([&] {
        auto frame = test::copyOf(original);
        applyColours(*cells, inPlace(frame));
        if (!first) first = frame;
        EXPECT_TRUE(test::samePixels(frame, *first));
    });
}

TEST(ColourKernels, ApproachByAShare) {
    std::vector<std::int16_t> wanted(1024), start(1024);
    Chance chance(1);
    for (auto& value : wanted) value = static_cast<std::int16_t>(chance(-2048, 2048));
    for (auto& value : start) value = static_cast<std::int16_t>(chance(-2048, 2048));
    test::onEachTarget([&] {
        for (const int share : {65536 / 5, 65536 / 2}) {
            auto shown = start;
            approach(shown, wanted, share);
            for (std::size_t i = 0; i < shown.size(); ++i)
                ASSERT_NEAR(shown[i], start[i] + (wanted[i] - start[i]) * share / 65536.0, 1);
        }
    });
}

}  // namespace
}  // namespace livepusher::effects::kernels
