// SPDX-License-Identifier: MIT
#include "pipeline/audio_timeline.hpp"
#include "pipeline/audio_ring.hpp"

#include <gtest/gtest.h>

#include <random>
#include <thread>
#include <vector>

namespace livepusher::pipeline {

using namespace std::chrono_literals;

TEST(AudioTimeline, JitterOfArrivalChangesNothing) {
    AudioTimeline t(48000);
    t.begin(Timestamp(0));
    std::mt19937 random(2);
    std::uniform_int_distribution<int> jitter(-15'000, 15'000);
    for (int n = 0; n < 6000; ++n) {
        const auto d = t.place(Timestamp(n * 10'000 + jitter(random)), 480);
        ASSERT_EQ(d.silence + d.skip, 0U) << n;
        t.append(480);
    }
    EXPECT_EQ(t.position(), 60s);
}

TEST(AudioTimeline, AHoleIsFilledAndAnOverlapLeftOut) {
    AudioTimeline t(48000);
    t.begin(Timestamp(0));
    t.append(480);
    EXPECT_EQ(t.place(510ms, 480).silence, 24000U);
    t.append(24000 + 480);
    EXPECT_EQ(t.place(t.position() - 200ms, 480).skip, 480U) << "all of a block that is too late";
}

TEST(AudioTimeline, MissingIsWhatReachesUntilThen) {
    AudioTimeline t(16000);
    t.begin(1s);
    EXPECT_EQ(t.missing(2s), 16000U);
    EXPECT_EQ(t.missing(500ms), 0U);
}

TEST(AudioRing, LongBlocksComeOutInPartsWithTheirTimes) {
    AudioRing ring;
    std::vector<float> samples(1024 * 2);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<float>(i);
    ring.write(samples.data(), 1024, 2, 48000, 1s);
    std::size_t frames = 0;
    while (const auto* block = ring.waitUntil(std::chrono::steady_clock::now())) {
        EXPECT_EQ(block->pts, 1s + Timestamp(static_cast<std::int64_t>(frames) * 1'000'000 / 48000));
        EXPECT_EQ(block->samples[0], static_cast<float>(frames * 2));
        frames += block->frames;
        ring.release();
    }
    EXPECT_EQ(frames, 1024U);
}

TEST(AudioRing, WhatComesToAFullOneIsLostAndCounted) {
    AudioRing ring;
    const std::vector<float> second(48000);
    ring.write(second.data(), 48000, 1, 48000, 0s);
    EXPECT_EQ(ring.dropped(), 1U);
}

TEST(AudioRing, OneThreadWritesWhileAnotherReads) {
    AudioRing ring;
    constexpr int kBlocks = 2000;
    std::jthread writer([&] {
        std::vector<float> block(480);
        for (int i = 0; i < kBlocks; ++i) {
            std::fill(block.begin(), block.end(), static_cast<float>(i));
            ring.write(block.data(), 480, 1, 48000, Timestamp(i));
            if (i % 40 == 39) std::this_thread::yield();
        }
    });
    std::int64_t last = -1;
    std::uint64_t got = 0;
    while (got + ring.dropped() < kBlocks) {
        const auto* block = ring.waitUntil(std::chrono::steady_clock::now() + 10ms);
        if (!block) continue;
        ASSERT_GT(block->pts.count(), last);
        last = block->pts.count();
        ASSERT_EQ(block->samples[479], static_cast<float>(last));
        ++got;
        ring.release();
    }
}

}  // namespace livepusher::pipeline
