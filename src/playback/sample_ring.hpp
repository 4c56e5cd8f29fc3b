// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/event_fd.hpp"
#include "speaker/speaker.hpp"

namespace livepusher::playback {

/// Sound from the lane to the device: one writer, one reader, and nothing but copying on the reader's side. What the device asks
/// for and is not there is silence, and counted.
class SampleRing final : public speaker::SampleSource {
public:
    static constexpr std::size_t kFrames = 9600;  ///< 200 ms
    static constexpr std::size_t kChannels = static_cast<std::size_t>(speaker::kFormat.channels);

    /// Signalled as the device takes.
    const base::EventFd& taken() const { return taken_; }
    std::int64_t written() const { return written_.load(std::memory_order_acquire); }  ///< frames in all. [any-thread]
    std::int64_t read() const { return read_.load(std::memory_order_acquire); }        ///< frames taken. [any-thread]
    std::int64_t padding() const { return padding_.load(std::memory_order_acquire); }  ///< frames of silence in all. [any-thread]
    std::size_t waiting() const { return static_cast<std::size_t>(written() - read()); }

    /// Whole frames; there has to be room. [sound]
    void write(std::span<const float> samples) {
        const auto at = static_cast<std::size_t>(written_.load(std::memory_order_relaxed)) * kChannels;
        for (std::size_t i = 0; i < samples.size(); ++i) (*samples_)[(at + i) % samples_->size()] = samples[i];
        written_.fetch_add(static_cast<std::int64_t>(samples.size() / kChannels), std::memory_order_release);
    }

    void fill(std::span<float> samples) override {
        const auto from = read_.load(std::memory_order_relaxed);
        const auto there = static_cast<std::size_t>(written_.load(std::memory_order_acquire) - from) * kChannels;
        const auto count = std::min(there, samples.size());
        const auto at = static_cast<std::size_t>(from) * kChannels;
        for (std::size_t i = 0; i < count; ++i) samples[i] = (*samples_)[(at + i) % samples_->size()];
        std::fill(samples.begin() + static_cast<std::ptrdiff_t>(count), samples.end(), 0.0F);
        padding_.fetch_add(static_cast<std::int64_t>((samples.size() - count) / kChannels), std::memory_order_release);
        read_.fetch_add(static_cast<std::int64_t>(count / kChannels), std::memory_order_release);
        taken_.signal();
    }

private:
    const base::EventFd taken_;
    const std::unique_ptr<std::array<float, kFrames* kChannels>> samples_ =
        std::make_unique<std::array<float, kFrames * kChannels>>();
    std::atomic<std::int64_t> written_{0}, read_{0}, padding_{0};
};

}  // namespace livepusher::playback
