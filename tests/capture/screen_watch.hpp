// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "capture/source.hpp"

namespace livepusher::capture {

/// The Y, U, V of a pixel.
inline std::array<int, 3> pixelOf(const VideoFrame& frame, int x, int y) {
    return {frame.plane(0)[y * frame.stride(0) + x], frame.plane(1)[y / 2 * frame.stride(1) + x / 2],
            frame.plane(2)[y / 2 * frame.stride(2) + x / 2]};
}

/// 0xRRGGBB as Y, U, V of limited range (ITU-T H.273, MatrixCoefficients 6).
inline std::array<int, 3> yuv601(std::uint32_t colour) {
    const double r = colour >> 16 & 255, g = colour >> 8 & 255, b = colour & 255;
    return {static_cast<int>(16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255),
            static_cast<int>(128 + (-37.797 * r - 74.203 * g + 112 * b) / 255),
            static_cast<int>(128 + (112 * r - 93.786 * g - 18.214 * b) / 255)};
}

inline bool hasColour(const VideoFrame& frame, int x, int y, std::uint32_t colour) {
    if (!frame || x >= frame.width() || y >= frame.height()) return false;
    const auto is = pixelOf(frame, x, y), wanted = yuv601(colour);
    return std::abs(is[0] - wanted[0]) < 6 && std::abs(is[1] - wanted[1]) < 6 && std::abs(is[2] - wanted[2]) < 6;
}

/// Keeps what a picture's source says, and of its frames the last, and lets a test wait for it.
class ScreenWatch : VideoSource::Sink {
public:
    VideoSource::Sink& sink() { return *this; }

    /// Until a frame, one that comes or the last that came, is as wanted.
    bool waitFrame(const std::function<bool(const VideoFrame&)>& wanted) {
        return wait([&] { return last_ && wanted(last_); });
    }
    bool waitColour(int x, int y, std::uint32_t colour) {
        return waitFrame([&](const VideoFrame& frame) { return hasColour(frame, x, y, colour); });
    }
    /// That many more frames than now.
    bool waitMore(std::size_t count) {
        std::size_t before = 0;
        {
            std::lock_guard lock(mutex_);
            before = frames_;
        }
        return wait([&] { return frames_ >= before + count; });
    }
    bool waitCode(Code code, std::ptrdiff_t times = 1) {
        return wait([&] { return std::ranges::count(codes_, code, &std::pair<Code, std::string>::first) >= times; });
    }
    bool waitFormat(int width, int height) {
        return wait([&] { return !formats_.empty() && formats_.back().width == width && formats_.back().height == height; });
    }
    bool waitEnded() {
        return wait([&] { return ended_; });
    }

    VideoFrame last() const { return read(last_); }
    std::vector<Timestamp> times() const { return read(times_); }
    std::vector<std::pair<Code, std::string>> codes() const { return read(codes_); }
    std::vector<VideoSourceFormat> formats() const { return read(formats_); }

private:
    void frame(VideoFrame frame) override {
        change([&] {
            ++frames_;
            times_.push_back(frame.pts);
            last_ = std::move(frame);
        });
    }
    void formatChanged(VideoSourceFormat format) override {
        change([&] { formats_.push_back(std::move(format)); });
    }
    void code(Code code, std::string text) override {
        change([&] { codes_.emplace_back(code, std::move(text)); });
    }
    void failed(Error why) override {
        change([&] { codes_.emplace_back(why.code, "error: " + why.message); });
    }
    void ended() override {
        change([&] { ended_ = true; });
    }
    /// Long enough for the slowest machine under a sanitizer; a test that works never waits so long.
    bool wait(const std::function<bool()>& condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), condition);
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
    std::size_t frames_ = 0;
    std::vector<Timestamp> times_;
    VideoFrame last_;
    std::vector<std::pair<Code, std::string>> codes_;
    std::vector<VideoSourceFormat> formats_;
    bool ended_ = false;
};

}  // namespace livepusher::capture
