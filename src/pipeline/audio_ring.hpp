// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <semaphore.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>

#include "base/frame_time.hpp"

namespace livepusher::pipeline {

/// Sound from the capture thread to the audio thread: one writer, one reader, no lock and no allocation
/// on the writer's side. Holds 480 ms (a file's decoder may hand over 100 ms at a time); when it is
/// full, what comes is lost and counted.
class AudioRing {
public:
    static constexpr std::size_t kMaxFrames = 480;  ///< of one block: 10 ms at 48 kHz
    static constexpr std::size_t kMaxChannels = 2;

    struct Block {
        Timestamp pts{};
        std::size_t frames = 0;
        std::array<float, kMaxFrames * kMaxChannels> samples;
    };

    AudioRing() { sem_init(&ready_, 0, 0); }
    ~AudioRing() { sem_destroy(&ready_); }
    AudioRing(const AudioRing&) = delete;
    AudioRing& operator=(const AudioRing&) = delete;

    /// [capture]
    void write(const float* samples, std::size_t frames, int channels, int sampleRate, Timestamp pts) {
        const auto width = static_cast<std::size_t>(channels);
        for (std::size_t done = 0; done < frames;) {
            const auto part = std::min(frames - done, kMaxFrames);
            const auto head = written_.load(std::memory_order_relaxed);
            if (head - read_.load(std::memory_order_acquire) == kBlocks) {
                dropped_.fetch_add(1, std::memory_order_relaxed);
                return;
            }
            auto& block = (*blocks_)[head % kBlocks];
            block.pts = pts + base::lengthOf(done, sampleRate);
            block.frames = part;
            std::copy_n(samples + done * width, part * width, block.samples.begin());
            written_.store(head + 1, std::memory_order_release);
            sem_post(&ready_);
            done += part;
        }
    }

    /// The oldest block, valid until release(); null at `deadline` or after wake(). [audio]
    const Block* waitUntil(std::chrono::steady_clock::time_point deadline) {
        // Not std::counting_semaphore: libstdc++ 12 polls in its timed waits.
        const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(deadline.time_since_epoch()).count();
        const timespec until{ns / 1'000'000'000, ns % 1'000'000'000};
        while (sem_clockwait(&ready_, CLOCK_MONOTONIC, &until) != 0 && errno == EINTR) {
        }
        const auto tail = read_.load(std::memory_order_relaxed);
        if (tail == written_.load(std::memory_order_acquire)) return nullptr;
        return &(*blocks_)[tail % kBlocks];
    }
    void release() { read_.fetch_add(1, std::memory_order_release); }                   ///< [audio]
    void wake() { sem_post(&ready_); }                                                  ///< [any-thread]
    std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }  ///< blocks. [any-thread]

private:
    static constexpr std::size_t kBlocks = 48;

    const std::unique_ptr<std::array<Block, kBlocks>> blocks_ = std::make_unique<std::array<Block, kBlocks>>();
    std::atomic<std::size_t> written_{0};
    std::atomic<std::size_t> read_{0};
    std::atomic<std::uint64_t> dropped_{0};
    sem_t ready_;
};

}  // namespace livepusher::pipeline
