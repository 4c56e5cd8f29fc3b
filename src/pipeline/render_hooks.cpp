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

bool RenderHooks::apply(RenderHook* hook, VideoFrame& frame, Budget budget) const {
    if (hook) hook->apply(frame, budget_.count() > 0 ? budget_ : budget);
    return hook != nullptr;
}

std::uint64_t RenderHooks::total() const {
    return (captured_ ? captured_->late() : 0) + (beforeEncode_ ? beforeEncode_->late() : 0);
}

}  // namespace livepusher::pipeline
