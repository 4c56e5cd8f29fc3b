// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "capture/source.hpp"

namespace livepusher::capture {

/// Keeps what sources deliver and lets a test wait for it.
class Collector : VideoSource::Sink, AudioSource::Sink {
public:
    struct Block {
        std::vector<float> samples;
        std::size_t frames = 0;
        Timestamp pts{};
    };

    VideoSource::Sink& video() { return *this; }
    AudioSource::Sink& audio(int channels = 2) {
        channels_ = channels;
        return *this;
    }

    /// Long enough for the slowest machine under a sanitizer; a test that works never waits so long.
    template <typename Condition>
    bool wait(Condition condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return condition(*this); });
    }
    bool waitFrames(std::size_t count) {
        return wait([&](const Collector& c) { return c.frames_.size() >= count; });
    }
    bool waitBlocks(std::size_t count) {
        return wait([&](const Collector& c) { return c.blocks_.size() >= count; });
    }
    bool waitEnded(int times = 1) {
        return wait([&](const Collector& c) { return c.ended_ >= times; });
    }
    bool waitError() {
        return wait([](const Collector& c) { return c.error_.has_value(); });
    }

    std::vector<VideoFrame> frames() const { return read(frames_); }
    std::vector<Block> blocks() const { return read(blocks_); }
    int ends() const { return read(ended_); }
    std::optional<Error> error() const { return read(error_); }
    std::size_t samples() const {
        std::size_t sum = 0;
        for (const auto& block : blocks()) sum += block.frames;
        return sum;
    }

private:
    void frame(VideoFrame frame) override {
        change([&] { frames_.push_back(std::move(frame)); });
    }
    void samples(const float* samples, std::size_t frames, Timestamp pts) override {
        const auto count = frames * static_cast<std::size_t>(channels_);
        change([&] { blocks_.push_back({{samples, samples + count}, frames, pts}); });
    }
    void ended() override {
        change([&] { ++ended_; });
    }
    void failed(Error why) override {
        change([&] { error_ = std::move(why); });
    }

    template <typename Act>
    void change(Act act) {
        {
            std::lock_guard lock(mutex_);
            act();
        }
        changed_.notify_all();
    }
    template <typename T>
    T read(const T& value) const {
        std::lock_guard lock(mutex_);
        return value;
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<VideoFrame> frames_;
    std::vector<Block> blocks_;
    int channels_ = 2;
    int ended_ = 0;
    std::optional<Error> error_;
};

}  // namespace livepusher::capture
