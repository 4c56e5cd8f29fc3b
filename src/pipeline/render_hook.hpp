// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/context_options.hpp>

#include "media/frame_pool.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

namespace livepusher::pipeline {

/// Lends pictures to a handler of the application on a thread of its own, and waits for each no longer than
/// a budget: one that is too slow, or never returns, costs its own changes and nothing else.
class RenderHook {
public:
    using Handler = decltype(VideoCustomRender::onCaptured);

    /// `place` names the handler in the log.
    RenderHook(Handler handler, const char* place);
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

    const Handler handler_;
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

/// The application's two hands on the pictures. They outlive the lanes: one that hangs is waited for by the context's
/// destructor alone. Belongs to the control thread.
class RenderHooks {
public:
    using Budget = std::chrono::steady_clock::duration;

    explicit RenderHooks(VideoCustomRender render);

    bool any() const { return captured_ || beforeEncode_; }
    /// Each may put another frame in the given one's place, and takes the application's budget, or else `budget`, and little
    /// more. False: there is no handler for it. [video]
    bool captured(VideoFrame& frame, Budget budget) { return apply(captured_.get(), frame, budget); }
    bool beforeEncode(VideoFrame& frame, Budget budget) { return apply(beforeEncode_.get(), frame, budget); }

    void restart() { before_ = total(); }                     ///< late() counts from here
    std::uint64_t late() const { return total() - before_; }  ///< frames that went on as they were

private:
    bool apply(RenderHook* hook, VideoFrame& frame, Budget budget) const;
    std::uint64_t total() const;

    const std::chrono::milliseconds budget_;
    std::unique_ptr<RenderHook> captured_, beforeEncode_;
    std::uint64_t before_ = 0;
};

}  // namespace livepusher::pipeline
