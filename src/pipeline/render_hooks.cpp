// SPDX-License-Identifier: MIT
#include "pipeline/render_hooks.hpp"

#include <utility>

namespace livepusher::pipeline {

namespace {

std::unique_ptr<RenderHook> makeHook(std::function<void(VideoFrame&)> handler, const char* place) {
    if (!handler) return nullptr;
    return std::make_unique<RenderHook>(std::move(handler), place);
}

}  // namespace

RenderHooks::RenderHooks(VideoCustomRender render)
    : budget_(render.budget),
      captured_(makeHook(std::move(render.onCaptured), "onCaptured")),
      beforeEncode_(makeHook(std::move(render.onBeforeEncode), "onBeforeEncode")) {}

VideoLane::Render RenderHooks::with(RenderHook* hook) const {
    if (!hook) return {};
    return [hook, own = budget_](VideoFrame& frame, std::chrono::steady_clock::duration budget) {
        hook->apply(frame, own.count() > 0 ? own : budget);
    };
}

std::uint64_t RenderHooks::total() const {
    return (captured_ ? captured_->late() : 0) + (beforeEncode_ ? beforeEncode_->late() : 0);
}

}  // namespace livepusher::pipeline
