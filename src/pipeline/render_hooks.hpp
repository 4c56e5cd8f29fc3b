// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/context_options.hpp>

#include "pipeline/render_hook.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace livepusher::pipeline {

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
