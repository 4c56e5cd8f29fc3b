// SPDX-License-Identifier: MIT
#include "av/deinterlacer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

namespace livepusher::capture {
namespace {

constexpr int kWidth = 320, kHeight = 240;

enum class Scan { Progressive, TopFirst, BottomFirst };

/// The moments, in fields, that the upper and the lower lines of a frame show.
struct Moments {
    int top, bottom;
};

Moments of(Scan scan, int number) {
    const int first = 2 * number;
    if (scan == Scan::Progressive) return {first, first};
    return scan == Scan::TopFirst ? Moments{first, first + 1} : Moments{first + 1, first};
}

/// A white bar that has moved 4 px a field.
FramePtr barAt(const Moments& moments, int number, AVPixelFormat format = AV_PIX_FMT_YUV420P, int width = kWidth) {
    FramePtr frame(av_frame_alloc());
    frame->format = format;
    frame->width = width;
    frame->height = kHeight;
    EXPECT_EQ(av_frame_get_buffer(frame.get(), 0), 0);
    for (int i = 1; i < AV_NUM_DATA_POINTERS && frame->data[i]; ++i)
        for (int y = 0; y < kHeight / 2; ++y) std::fill_n(frame->data[i] + y * frame->linesize[i], width / 2, std::uint8_t{128});
    for (int y = 0; y < kHeight; ++y) {
        auto* row = frame->data[0] + y * frame->linesize[0];
        const int at = (y % 2 == 0 ? moments.top : moments.bottom) * 4 % (width - 40);
        std::fill_n(row, width, std::uint8_t{16});
        std::fill_n(row + at, 40, std::uint8_t{235});
    }
    frame->pts = frame->best_effort_timestamp = 1000 + 40 * number;
    return frame;
}

/// How much lines stand out from those above and below them.
double comb(const AVFrame& frame) {
    double sum = 0;
    for (int y = 1; y + 1 < frame.height; ++y) {
        const auto* row = frame.data[0] + y * frame.linesize[0];
        const auto *above = row - frame.linesize[0], *below = row + frame.linesize[0];
        for (int x = 0; x < frame.width; ++x) sum += std::max((above[x] - row[x]) * (below[x] - row[x]), 0);
    }
    return sum;
}

struct Outcome {
    std::vector<std::int64_t> times;
    double before = 0, after = 0;  ///< combs
};

using Maker = std::function<FramePtr(int)>;

void takeAll(Deinterlacer& deinterlacer, Outcome& outcome) {
    const FramePtr frame(av_frame_alloc());
    while (deinterlacer.take(*frame)) {
        outcome.times.push_back(frame->pts);
        EXPECT_EQ(frame->pts, frame->best_effort_timestamp);
        outcome.after += comb(*frame);
    }
}

Outcome play(Deinterlacer& deinterlacer, int count, const Maker& make) {
    Outcome outcome;
    for (int n = 0; n < count; ++n) {
        const auto frame = make(n);
        outcome.before += comb(*frame);
        deinterlacer.put(*frame);
        EXPECT_FALSE(frame->data[0]) << "it is taken over";
        takeAll(deinterlacer, outcome);
    }
    deinterlacer.drain();
    takeAll(deinterlacer, outcome);
    return outcome;
}

void expectEachOnce(const Outcome& outcome, int count) {
    ASSERT_EQ(outcome.times.size(), static_cast<std::size_t>(count));
    for (int n = 0; n < count; ++n) EXPECT_EQ(outcome.times[static_cast<std::size_t>(n)], 1000 + 40 * n);
}

TEST(Deinterlacer, FramesThatTellItComeOutWithoutCombsEachOnce) {
    for (const auto scan : {Scan::TopFirst, Scan::BottomFirst}) {
        Deinterlacer deinterlacer("test", true);
        const auto outcome = play(deinterlacer, 30, [&](int n) {
            auto frame = barAt(of(scan, n), n);
            frame->interlaced_frame = 1;
            frame->top_field_first = scan == Scan::TopFirst;
            return frame;
        });
        expectEachOnce(outcome, 30);
        EXPECT_LT(outcome.after, outcome.before * 0.01);
    }
}

TEST(Deinterlacer, FramesThatDontTellItAreSeenByWhatMovesInThem) {
    for (const auto scan : {Scan::TopFirst, Scan::BottomFirst}) {
        Deinterlacer deinterlacer("test", true);
        const auto outcome = play(deinterlacer, 100, [&](int n) { return barAt(of(scan, n), n); });
        expectEachOnce(outcome, 100);
        EXPECT_LT(outcome.after, outcome.before * 0.05);
    }
}

TEST(Deinterlacer, TelecinedFramesToo) {
    Deinterlacer deinterlacer("test", true);
    const auto outcome = play(deinterlacer, 100, [](int n) {  // 3:2: of five frames two hold two moments
        const int film = n / 5 * 4, place = n % 5;
        const Moments table[] = {{0, 0}, {1, 1}, {1, 2}, {2, 3}, {3, 3}};
        return barAt({2 * (film + table[place].top), 2 * (film + table[place].bottom)}, n);
    });
    expectEachOnce(outcome, 100);
    EXPECT_LT(outcome.after, outcome.before * 0.05);
}

TEST(Deinterlacer, ProgressiveFramesPassUntouchedAndAtOnce) {
    Deinterlacer deinterlacer("test", true);
    const FramePtr out(av_frame_alloc());
    for (int n = 0; n < 50; ++n) {
        const auto frame = barAt(of(Scan::Progressive, n), n);
        const auto* pixels = frame->data[0];
        deinterlacer.put(*frame);
        ASSERT_TRUE(deinterlacer.take(*out)) << n;
        EXPECT_EQ(out->data[0], pixels);
        EXPECT_FALSE(deinterlacer.take(*out));
    }
}

TEST(Deinterlacer, FramesThatWronglyTellItAreLeftAloneOnceThatIsSeen) {
    Deinterlacer deinterlacer("test", true);
    double lost = 0;
    const FramePtr out(av_frame_alloc());
    for (int n = 0; n < 60; ++n) {
        const auto frame = barAt(of(Scan::Progressive, n), n);
        frame->data[0][100 * frame->linesize[0] + 5] = 200;  // a dot that bwdif would soften
        frame->interlaced_frame = frame->top_field_first = 1;
        deinterlacer.put(*frame);
        while (deinterlacer.take(*out))
            if (n > 40) lost += std::abs(200 - out->data[0][100 * out->linesize[0] + 5]);
    }
    EXPECT_EQ(lost, 0);
}

TEST(Deinterlacer, StripesThatScrollAreNoFields) {
    for (const int speed : {1, 2, 3, 5}) {
        Deinterlacer deinterlacer("test", true);
        const FramePtr out(av_frame_alloc());
        for (int n = 0; n < 100; ++n) {
            const auto frame = barAt({0, 0}, n);
            for (int y = 0; y < kHeight; ++y) {
                const int line = (y + n * speed) % 14;
                for (int x = 0; x < kWidth; ++x)
                    frame->data[0][y * frame->linesize[0] + x] =
                        (line == 2 || line == 6 || line == 10) && x / 9 % 3 > 0 ? 16 : 235;
            }
            deinterlacer.put(*frame);
            EXPECT_TRUE(deinterlacer.take(*out)) << "speed " << speed << " frame " << n;
        }
    }
}

TEST(Deinterlacer, ASeekForgetsWhatWasHeldBack) {
    Deinterlacer deinterlacer("test", true);
    const auto put = [&](int n) {
        const auto frame = barAt(of(Scan::TopFirst, n), n);
        frame->interlaced_frame = frame->top_field_first = 1;
        deinterlacer.put(*frame);
    };
    put(0);
    put(1);
    deinterlacer.reset();
    Outcome outcome;
    takeAll(deinterlacer, outcome);
    EXPECT_TRUE(outcome.times.empty());
    put(50);
    put(51);
    takeAll(deinterlacer, outcome);
    EXPECT_EQ(outcome.times, std::vector<std::int64_t>{1000 + 40 * 50});
}

TEST(Deinterlacer, AnotherSizeOrFormatInMidStreamLosesNothing) {
    Deinterlacer deinterlacer("test", true);
    const auto outcome = play(deinterlacer, 30, [&](int n) {
        auto frame = barAt(of(Scan::TopFirst, n), n, n < 20 ? AV_PIX_FMT_YUV420P : AV_PIX_FMT_YUV422P, n < 10 ? 320 : 400);
        frame->interlaced_frame = frame->top_field_first = 1;
        return frame;
    });
    expectEachOnce(outcome, 30);
}

TEST(Deinterlacer, SwitchedOffNothingIsTouched) {
    Deinterlacer deinterlacer("test", false);
    const auto outcome = play(deinterlacer, 10, [&](int n) {
        auto frame = barAt(of(Scan::TopFirst, n), n);
        frame->interlaced_frame = frame->top_field_first = 1;
        return frame;
    });
    expectEachOnce(outcome, 10);
    EXPECT_EQ(outcome.after, outcome.before);
}

}  // namespace
}  // namespace livepusher::capture
