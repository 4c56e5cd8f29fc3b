// SPDX-License-Identifier: MIT
// Each kernel against the plainest arithmetic of the same, on every vector unit; and all units against each other.
#include "effects/smoothing_kernels.hpp"

#include "photos.hpp"
#include "vector_targets.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace livepusher::effects::kernels {
namespace {

using test::Chance;
using Cells = Plane<std::int16_t>;

constexpr std::pair<int, int> kSizes[]{{64, 64}, {362, 642}, {66, 34}, {16, 16}, {130, 18}, {640, 360}};

Cells cells(int width, int height, int least, int most, unsigned seed) {
    Chance chance(seed);
    Cells made;
    made.resize(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) made.at(x, y) = static_cast<std::int16_t>(chance(least, most));
    return made;
}

Cells empty(int width, int height) {
    Cells made;
    made.resize(width, height);
    return made;
}

std::vector<int> valuesOf(const Cells& plane) {
    std::vector<int> values;
    for (int y = 0; y < plane.height(); ++y) values.insert(values.end(), plane.row(y), plane.row(y) + plane.width());
    return values;
}

/// `run` gives the numbers of one unit; each may differ from `expected` by `most`, and not at all from another unit's.
void expectEverywhere(const std::vector<double>& expected, double most, const std::function<std::vector<int>()>& run) {
    std::optional<std::vector<int>> first;
    test::onEachTarget([&] {
        const auto values = run();
        ASSERT_EQ(values.size(), expected.size());
        for (std::size_t i = 0; i < values.size(); ++i) ASSERT_NEAR(values[i], expected[i], most) << "at " << i;
        if (!first) first = values;
        ASSERT_EQ(values, *first);
    });
}

double clampedAt(const Cells& plane, int x, int y) {
    return plane.at(std::clamp(x, 0, plane.width() - 1), std::clamp(y, 0, plane.height() - 1));
}

double mean(const Cells& plane, int x, int y, int r, bool squares = false) {
    double sum = 0;
    for (int j = -r; j <= r; ++j)
        for (int i = -r; i <= r; ++i) {
            const double value = clampedAt(plane, x + i, y + j);
            sum += squares ? value * value : value;
        }
    return sum / ((2 * r + 1) * (2 * r + 1));
}

template <typename Value>
std::vector<double> eachCell(const Cells& like, const Value& value) {
    std::vector<double> values;
    for (int y = 0; y < like.height(); ++y)
        for (int x = 0; x < like.width(); ++x) values.push_back(value(x, y));
    return values;
}

TEST(SmoothingKernels, ShrinkByExactSums) {
    for (const auto& [width, height] : kSizes) {
        const auto frame = test::random(width, height, 1);
        for (const int step : {4, 2}) {
            const int plane = step == 4 ? 0 : 1, w = plane ? width / 2 : width, h = plane ? height / 2 : height;
            auto out = empty((w + step - 1) / step, (h + step - 1) / step);
            const auto sum = [&, w = w, h = h](int x, int y) {
                double total = 0;
                for (int j = 0; j < step; ++j)
                    for (int i = 0; i < step; ++i) {
                        const int column = step * x + i % std::min(step, w - step * x),
                                  row = step * y + j % std::min(step, h - step * y);
                        total += frame.plane(plane)[row * frame.stride(plane) + column];
                    }
                return total - (step == 4 ? 2048 : 512);
            };
            expectEverywhere(eachCell(out, sum), 0, [&] {
                const Bytes bytes{frame.plane(plane), frame.stride(plane), w, h};
                step == 4 ? shrinkLuma(bytes, out) : shrinkChroma(bytes, out);
                return valuesOf(out);
            });
        }
    }
}

TEST(SmoothingKernels, GateColoursByASoftEllipseAndARamp) {
    Gate gate;
    gate.cb = -20;
    gate.cr = 24;
    gate.cbCb = 0.02F;
    gate.cbCr = 0.008F;
    gate.crCr = 0.03F;
    const auto luma = cells(91, 61, -2048, 2032, 1), cb = cells(91, 61, -180, 60, 2), cr = cells(91, 61, 0, 200, 3);
    auto out = empty(91, 61);
    const auto expected = eachCell(out, [&](int x, int y) {
        const double b = cb.at(x, y) / 4.0 - gate.cb, r = cr.at(x, y) / 4.0 - gate.cr;
        const double distance = gate.cbCb * b * b + 2 * gate.cbCr * b * r + gate.crCr * r * r;
        const double light = std::clamp((luma.at(x, y) / 16.0 + 128 - 40) / 30, 0.0, 1.0);
        return 255 * std::clamp((9 - distance) / 5, 0.0, 1.0) * light;
    });
    EXPECT_GT(*std::max_element(expected.begin(), expected.end()), 200);
    expectEverywhere(expected, 1, [&] {
        gateColours(gate, luma, cb, cr, out);
        return valuesOf(out);
    });
}

TEST(SmoothingKernels, AverageBoxes) {
    for (const int r : {1, 4, 8}) {
        for (const auto& [width, height] : {std::pair{91, 61}, std::pair{16, 16}, std::pair{3, 2}}) {
            const auto in = cells(width, height, 0, 255, 5);
            auto out = empty(width, height);
            ColumnSums sums;
            expectEverywhere(eachCell(out, [&](int x, int y) { return mean(in, x, y, r); }), 0.51, [&] {
                boxMean(in, r, sums, out);
                return valuesOf(out);
            });
        }
    }
}

TEST(SmoothingKernels, GuideByMeanAndVariance) {
    for (const int r : {3, 8}) {
        for (const auto& [width, height] : {std::pair{91, 61}, std::pair{16, 16}, std::pair{3, 2}}) {
            const auto luma = cells(width, height, -2048, 2032, 7);
            auto a = empty(width, height), b = empty(width, height);
            ColumnSums sums;
            constexpr float kEps = 900;
            const auto slope = [&](int x, int y) {
                const double middle = mean(luma, x, y, r), variance = mean(luma, x, y, r, true) - middle * middle;
                const double edge = kEdge * 256 / (variance + kEdge * 256);
                return variance / (variance + kEps * 256 * edge);
            };
            expectEverywhere(eachCell(a, [&](int x, int y) { return 16384 * slope(x, y); }), 1, [&] {
                guide(luma, r, kEps, {0, luma.height()}, sums, a, b);
                return valuesOf(a);
            });
            expectEverywhere(eachCell(b, [&](int x, int y) { return 4 * mean(luma, x, y, r) * (1 - slope(x, y)); }), 1, [&] {
                guide(luma, r, kEps, {0, luma.height()}, sums, a, b);
                return valuesOf(b);
            });
        }
    }
}

TEST(SmoothingKernels, FoldMaskStrengthTextureAndCurveIntoGainAndOffset) {
    constexpr int kWidth = 91, kHeight = 61, kR = 4;
    const auto a = cells(kWidth, kHeight, 0, 16384, 1), b = cells(kWidth, kHeight, -4000, 4000, 2),
               luma = cells(kWidth, kHeight, -1700, 1700, 3), mask = cells(kWidth, kHeight, 0, 255, 4);
    std::vector<float> curve(256), slope(256);
    for (std::size_t i = 0; i < 256; ++i) {
        curve[i] = static_cast<float>(255 * std::sqrt(static_cast<double>(i) / 255));
        slope[i] = 0.7F;
    }
    for (const bool bright : {false, true}) {
        Mix mix{.strength = 0.8F, .textureKept = 0.3F, .curve = bright ? curve.data() : nullptr, .slope = slope.data()};
        const auto both = [&](int x, int y) {
            const double m = mask.at(x, y) / 255.0, cut = m * 0.8 * (1 - mean(a, x, y, kR) / 16384), local = luma.at(x, y) / 16.0;
            double gain = 1 - cut + 0.3 * cut;
            double offset = m * 0.8 * mean(b, x, y, kR) / 64 - 0.3 * cut * local + 128 * (1 - gain);
            if (bright) {
                const int at = static_cast<int>(std::floor(local + 128 + 0.5));
                const double tangent = 1 - m + m * 0.7F;
                gain *= tangent;
                offset = offset * tangent + m * (curve[static_cast<std::size_t>(at)] - 0.7 * at);
            }
            return std::pair{std::min(gain, 4095 / 2048.0) * 2048, std::clamp(offset, -255.0, 255.0) * 16};
        };
        auto gain = empty(kWidth, kHeight), offset = empty(kWidth, kHeight);
        ColumnSums sums;
        expectEverywhere(eachCell(a, [&](int x, int y) { return both(x, y).first; }), 1, [&] {
            fold(a, b, luma, mask, mix, kR, {0, kHeight}, sums, gain, offset);
            return valuesOf(gain);
        });
        expectEverywhere(eachCell(a, [&](int x, int y) { return both(x, y).second; }), 1, [&] {
            fold(a, b, luma, mask, mix, kR, {0, kHeight}, sums, gain, offset);
            return valuesOf(offset);
        });
    }
}

TEST(SmoothingKernels, ApplyGainsSpreadOverFourPixels) {
    for (const auto& [width, height] : kSizes) {
        const int w = (width + 3) / 4, h = (height + 3) / 4;
        const auto gain = cells(w, h, 0, 4095, 8), offset = cells(w, h, -4080, 4080, 9);
        const auto frame = test::random(width, height, 10);
        const std::vector<Extent> all(static_cast<std::size_t>(h), Extent{0, w});
        const auto spread = [](const Cells& plane, int x, int y) {
            const double u = (x + 0.5) / 4 - 0.5, v = (y + 0.5) / 4 - 0.5;
            const int left = static_cast<int>(std::floor(u)), top = static_cast<int>(std::floor(v));
            const double across = u - left, down = v - top;
            return (clampedAt(plane, left, top) * (1 - across) + clampedAt(plane, left + 1, top) * across) * (1 - down) +
                   (clampedAt(plane, left, top + 1) * (1 - across) + clampedAt(plane, left + 1, top + 1) * across) * down;
        };
        std::vector<double> expected;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                expected.push_back(std::clamp(
                    frame.plane(0)[y * frame.stride(0) + x] * spread(gain, x, y) / 2048 + spread(offset, x, y) / 16, 0.0, 255.0));
        Lines lines;
        expectEverywhere(expected, 1, [&] {
            auto changed = test::copyOf(frame);
            applyGain(changed.mutablePlane(0), changed.stride(0), frame.width(), frame.height(), gain, offset, all, lines);
            std::vector<int> values;
            for (int y = 0; y < frame.height(); ++y)
                values.insert(values.end(), changed.plane(0) + y * changed.stride(0),
                              changed.plane(0) + y * changed.stride(0) + frame.width());
            return values;
        });
    }
}

TEST(SmoothingKernels, ApplyNothingOutsideTheExtents) {
    for (const auto& [width, height] : kSizes) {
        const int w = (width + 3) / 4, h = (height + 3) / 4;
        const auto frame = test::random(width, height, 11);
        Chance chance(12);
        for (int round = 0; round < 20; ++round) {
            // As smoothing leaves them: cells without skin have gain 1 and offset 0, and the margins hold anything.
            auto gain = cells(w, h, 2048, 2048, 1), offset = cells(w, h, 0, 0, 1);
            std::vector<Extent> extents(static_cast<std::size_t>(h));
            const int row = chance(0, h - 1), begin = chance(0, w - 1), end = chance(begin + 1, w);
            extents[static_cast<std::size_t>(row)] = {begin, end};
            for (int x = begin; x < end; ++x) {
                gain.at(x, row) = 0;
                offset.at(x, row) = 4000;
            }
            test::onEachTarget([&] {
                auto changed = test::copyOf(frame);
                Lines lines;
                lines.gain.assign(static_cast<std::size_t>(gain.stride()), 77);
                lines.offset = lines.gain;
                applyGain(changed.mutablePlane(0), changed.stride(0), frame.width(), frame.height(), gain, offset, extents,
                          lines);
                for (int y = 0; y < frame.height(); ++y)
                    for (int x = 0; x < frame.width(); ++x) {
                        const bool near = x >= 4 * begin - 3 && x < 4 * end + 3 && y >= 4 * row - 3 && y < 4 * row + 7;
                        const int at = y * frame.stride(0) + x;
                        if (near) continue;
                        ASSERT_EQ(changed.plane(0)[at], frame.plane(0)[at]) << x << ' ' << y;
                    }
            });
        }
    }
}

}  // namespace
}  // namespace livepusher::effects::kernels
