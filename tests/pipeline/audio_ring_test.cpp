// SPDX-License-Identifier: MIT
#include "pipeline/audio_ring.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace livepusher::pipeline {

using namespace std::chrono_literals;

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
