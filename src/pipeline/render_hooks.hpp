// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/context_options.hpp>

#include "pipeline/render_hook.hpp"
#include "pipeline/video_lane.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace livepusher::pipeline {

/// The application's two hands on the pictures. They outlive the lanes: one that hangs is waited for by the context's
/// destructor alone. Belongs to the control thread.
class RenderHooks {
public:
    explicit RenderHooks(VideoCustomRender render);

    bool any() const { return captured_ || beforeEncode_; }
    VideoLane::Render onCaptured() const { return with(captured_.get()); }          ///< empty without a handler
    VideoLane::Render onBeforeEncode() const { return with(beforeEncode_.get()); }  ///< empty without a handler

    void restart() { before_ = total(); }                     ///< late() counts from here
    std::uint64_t late() const { return total() - before_; }  ///< frames that went on as they were

private:
    VideoLane::Render with(RenderHook* hook) const;
    std::uint64_t total() const;

    const std::chrono::milliseconds budget_;
    std::unique_ptr<RenderHook> captured_, beforeEncode_;
    std::uint64_t before_ = 0;
};

}  // namespace livepusher::pipeline
