// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "base/queue.hpp"

#include <functional>
#include <thread>

namespace livepusher::pipeline {

/// Brings pictures to the application's preview handler on a thread of its own; a slow handler
/// misses pictures and holds nothing up.
class Preview {
public:
    explicit Preview(std::function<void(const VideoFrame&)> handler);
    ~Preview();
    Preview(const Preview&) = delete;
    Preview& operator=(const Preview&) = delete;

    void show(VideoFrame frame) { latest_.push(std::move(frame)); }  ///< never waits. [video]

private:
    const std::function<void(const VideoFrame&)> handler_;
    base::Queue<VideoFrame> latest_{1};
    std::thread thread_;
};

}  // namespace livepusher::pipeline
