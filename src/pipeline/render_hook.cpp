// SPDX-License-Identifier: MIT
#include "pipeline/render_hook.hpp"

#include "base/log.hpp"
#include "base/thread_name.hpp"
#include "media/writable.hpp"

#include <string>
#include <utility>

namespace livepusher::pipeline {

RenderHook::RenderHook(Handler handler, const char* place)
    : handler_(std::move(handler)), place_(place), thread_([this] { run(); }) {}

RenderHook::~RenderHook() {
    {
        std::lock_guard lock(mutex_);
        closing_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void RenderHook::run() {
    base::nameThread("render");
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return closing_ || step_ == Step::Given; });
        if (closing_) return;
        auto frame = std::move(frame_);
        lock.unlock();
        bool threw = false;
        try {
            handler_(frame);
        } catch (...) {  // the application's own; the stream goes on without its changes
            threw = true;
        }
        lock.lock();
        frame_ = std::move(frame);
        threw_ = threw;
        step_ = Step::Returned;
        changed_.notify_all();
    }
}

void RenderHook::missed(const char* why) {
    ++late_;
    if (!std::exchange(slow_, true))
        base::log(LogLevel::Warning, std::string("enableVideoCustomRender: ") + place_ + " " + why +
                                         "; pictures go out as they were, and NetStatus::renderLate counts them");
}

void RenderHook::apply(VideoFrame& frame, std::chrono::steady_clock::duration budget) {
    const auto deadline = std::chrono::steady_clock::now() + budget;
    std::unique_lock lock(mutex_);
    if (step_ == Step::Given) return missed("has not come back from an earlier picture");
    step_ = Step::Idle;  // what came back too late is forgotten
    lock.unlock();
    auto copy = base::copied(frame, pool_);  // memory that the handler may write: this may be shared with the source
    lock.lock();
    frame_ = std::move(copy);
    step_ = Step::Given;
    changed_.notify_all();
    if (!changed_.wait_until(lock, deadline, [this] { return step_ == Step::Returned; }))
        return missed("is slower than its budget");
    step_ = Step::Idle;
    auto rendered = std::exchange(frame_, {});
    if (threw_) return missed("threw an exception");
    if (!rendered || rendered.width() % 2 != 0 || rendered.height() % 2 != 0) return missed("left no usable picture");
    slow_ = false;
    rendered.pts = frame.pts;
    frame = std::move(rendered);
}

RenderHooks::RenderHooks(VideoCustomRender render)
    : budget_(render.budget),
      captured_(render.onCaptured ? std::make_unique<RenderHook>(std::move(render.onCaptured), "onCaptured") : nullptr),
      beforeEncode_(render.onBeforeEncode ? std::make_unique<RenderHook>(std::move(render.onBeforeEncode), "onBeforeEncode")
                                          : nullptr) {}

bool RenderHooks::apply(RenderHook* hook, VideoFrame& frame, Budget budget) const {
    if (hook) hook->apply(frame, budget_.count() > 0 ? budget_ : budget);
    return hook != nullptr;
}

std::uint64_t RenderHooks::total() const {
    return (captured_ ? captured_->late() : 0) + (beforeEncode_ ? beforeEncode_->late() : 0);
}

}  // namespace livepusher::pipeline
