// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "media/frame_pool.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace livepusher::pipeline {

/// Lends pictures to a handler of the application on a thread of its own, and waits for each no longer than
/// a budget: one that is too slow, or never returns, costs its own changes and nothing else.
class RenderHook {
public:
    /// `place` names the handler in the log.
    RenderHook(std::function<void(VideoFrame&)> handler, const char* place);
    ~RenderHook();  ///< waits for a handler that is running
    RenderHook(const RenderHook&) = delete;
    RenderHook& operator=(const RenderHook&) = delete;

    /// The handler's picture in place of `frame`; `frame` as it was when that is not there in time. [video]
    void apply(VideoFrame& frame, std::chrono::steady_clock::duration budget);
    std::uint64_t late() const { return late_; }  ///< frames that went on as they were. [any-thread]

private:
    enum class Step { Idle, Given, Returned };

    void run();
    void missed(const char* why);

    const std::function<void(VideoFrame&)> handler_;
    const char* const place_;
    base::FramePool pool_;
    std::atomic<std::uint64_t> late_{0};
    bool slow_ = false;  // the video thread's: the last one was late, which has been told

    std::mutex mutex_;
    std::condition_variable changed_;
    Step step_ = Step::Idle;
    VideoFrame frame_;
    bool threw_ = false;
    bool closing_ = false;
    std::thread thread_;  // last
};

}  // namespace livepusher::pipeline
