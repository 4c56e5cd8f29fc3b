// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace livepusher::capture {

/// Decoded music between the thread that decodes and the one that plays, with where in the piece each sample lies and
/// which seek it came after. Neither waits for the other; nothing is allocated after construction. Frames count time.
class MusicRing {
public:
    /// `blockFrames`: what one write carries at most.
    MusicRing(std::size_t blocks, std::size_t blockFrames, std::size_t channels)
        : blocks_(blocks), samples_(blocks * blockFrames * channels), blockFrames_(blockFrames), channels_(channels) {}

    struct Stretch {
        std::uint16_t seeks = 0;  ///< as seek() counted when it was decoded
        std::int64_t first = 0;   ///< frame of the piece it begins with
        std::int64_t wrap = 0;    ///< frame of the piece after which frame 0 follows in this block; 0: none
    };

    std::size_t blockFrames() const { return blockFrames_; }
    std::size_t channels() const { return channels_; }

    /// At most blockFrames(). False: no room. [the decoding thread]
    bool write(std::span<const float> interleaved, const Stretch& stretch) {
        const auto tail = tail_.load(std::memory_order_relaxed);
        if (tail - head_.load(std::memory_order_acquire) == blocks_.size()) return false;
        auto& block = blocks_[tail % blocks_.size()];
        block = {stretch, interleaved.size() / channels_};
        std::copy(interleaved.begin(), interleaved.end(), place(tail));
        tail_.store(tail + 1, std::memory_order_release);
        return true;
    }
    /// Blocks written in all, and of these read. [any-thread]
    std::uint64_t written() const { return tail_.load(std::memory_order_acquire); }
    std::uint64_t taken() const { return head_.load(std::memory_order_acquire); }

    /// As many samples of whole frames as are there and have room; what was decoded before the last seek is dropped.
    /// [the playing thread]
    std::size_t read(std::span<float> target) {
        const auto room = target.size() / channels_;
        std::size_t done = 0;
        auto state = state_.load(std::memory_order_acquire);
        auto place = state & kPlace;
        auto head = head_.load(std::memory_order_relaxed);
        while (done < room && head != tail_.load(std::memory_order_acquire)) {
            const auto& block = blocks_[head % blocks_.size()];
            if (block.stretch.seeks != seeksOf(state)) {
                const auto fresh = state_.load(std::memory_order_acquire);
                if (block.stretch.seeks == seeksOf(fresh)) {  // a seek came in the meantime, and this follows it
                    state = fresh;
                    continue;
                }
                at_ = block.frames;
            }
            const auto count = std::min(room - done, block.frames - at_);
            const auto* from = this->place(head) + at_ * channels_;
            std::copy(from, from + count * channels_, target.data() + done * channels_);
            done += count;
            at_ += count;
            if (count > 0) place = frameAt(block.stretch, at_);
            if (at_ < block.frames) break;
            at_ = 0;
            head_.store(++head, std::memory_order_release);
        }
        // Where a seek has come in between, what it set stands.
        if (done > 0) state_.compare_exchange_strong(state, (state & ~kPlace) | place, std::memory_order_acq_rel);
        return done * channels_;
    }

    /// What follows begins with that frame; answers with how many seeks there were. One caller at a time. [any-thread]
    std::uint16_t seek(std::int64_t frame) {
        const auto seeks = static_cast<std::uint16_t>(seeksOf(state_.load(std::memory_order_acquire)) + 1);
        state_.store(std::uint64_t{seeks} << kPlaceBits | (static_cast<std::uint64_t>(frame) & kPlace),
                     std::memory_order_release);
        return seeks;
    }
    std::uint16_t seeks() const { return seeksOf(state_.load(std::memory_order_acquire)); }
    /// The piece's frame that the next read() begins with. [any-thread]
    std::int64_t frame() const { return static_cast<std::int64_t>(state_.load(std::memory_order_acquire) & kPlace); }
    /// Puts the place right that a seek had only guessed, unless another seek or a read has come since. [the decoding thread]
    void correct(std::int64_t guessed, std::int64_t frame, std::uint16_t seeks) {
        auto expected = std::uint64_t{seeks} << kPlaceBits | (static_cast<std::uint64_t>(guessed) & kPlace);
        const auto right = std::uint64_t{seeks} << kPlaceBits | (static_cast<std::uint64_t>(frame) & kPlace);
        state_.compare_exchange_strong(expected, right, std::memory_order_acq_rel);
    }

private:
    static constexpr int kPlaceBits = 48;
    static constexpr std::uint64_t kPlace = (std::uint64_t{1} << kPlaceBits) - 1;

    struct Block {
        Stretch stretch;
        std::size_t frames = 0;
    };

    static std::uint16_t seeksOf(std::uint64_t state) { return static_cast<std::uint16_t>(state >> kPlaceBits); }
    static std::uint64_t frameAt(const Stretch& stretch, std::size_t offset) {
        const auto frame = stretch.first + static_cast<std::int64_t>(offset);
        return static_cast<std::uint64_t>(stretch.wrap > 0 && frame >= stretch.wrap ? (frame - stretch.wrap) % stretch.wrap
                                                                                    : frame);
    }
    float* place(std::uint64_t block) { return samples_.data() + block % blocks_.size() * blockFrames_ * channels_; }

    std::vector<Block> blocks_;
    std::vector<float> samples_;
    const std::size_t blockFrames_, channels_;
    std::size_t at_ = 0;                   ///< frames of the block at head_ that have been read
    std::atomic<std::uint64_t> head_{0};   ///< blocks that have been read
    std::atomic<std::uint64_t> tail_{0};   ///< blocks that have been written
    std::atomic<std::uint64_t> state_{0};  ///< seeks, and below them the frame that comes next
};

}  // namespace livepusher::capture
