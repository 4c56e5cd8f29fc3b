// SPDX-License-Identifier: MIT
#include <livepusher/json.hpp>

#include "c_api/handle.hpp"
#include "c_api/making.hpp"
#include "c_api/pictures.hpp"

#include <functional>

namespace livepusher::c_api {

extern "C" void livepusherRunTask(void* task) {
    const std::unique_ptr<Task> owned(static_cast<Task*>(task));
    (*owned)();
}

namespace {

Handlers makeHandlers(livepusher_handle* pusher) {
    const auto& callbacks = pusher->callbacks;
    Handlers handlers;
    if (callbacks.on_event) handlers = jsonHandlers(std::bind_front(tellEvent<livepusher_handle>, pusher));
    if (callbacks.on_preview_frame) {
        handlers.onPreviewFrame = [pusher](const VideoFrame& frame) {
            const auto view = viewOf(frame);
            callBack(pusher, [&] { pusher->callbacks.on_preview_frame(pusher, &view, pusher->callbacks.user); });
        };
    }
    return handlers;
}

VideoCustomRender makeRender(livepusher_handle* pusher) {
    const auto& callbacks = pusher->callbacks;
    const auto made = [pusher](livepusher_render_fn callback) -> decltype(VideoCustomRender::onCaptured) {
        if (!callback) return {};
        return [pusher, callback](VideoFrame& frame) { render(pusher, callback, frame); };
    };
    return {made(callbacks.on_captured), made(callbacks.on_before_encode), std::chrono::milliseconds(callbacks.render_budget_ms)};
}

Result<void> check(const livepusher_callbacks* given) {
    if (auto good = checkCallbacks(given, "livepusher_callbacks_init"); !good) return good;
    if (given->render_budget_ms < 0)
        return Error{Code::InvalidArgument,
                     "callbacks: render_budget_ms " + std::to_string(given->render_budget_ms) + ": must not be negative"};
    return {};
}

Result<void> create(const char* json, const livepusher_callbacks* given, std::unique_ptr<livepusher_handle>& made) {
    if (auto good = check(given); !good) return good;
    auto options = contextOptions(json ? json : "");
    if (!options) return options.error();
    auto pusher = std::make_unique<livepusher_handle>();
    pusher->callbacks = *given;
    options->handlers = makeHandlers(pusher.get());
    options->customRender = makeRender(pusher.get());
    options->executor = makeExecutor(pusher.get());
    if (given->on_event)
        options->onSourceEnded = [handle = pusher.get()] { tellEvent(handle, "sourceended", 0, plainEventJson("sourceended")); };
    pusher->context = std::make_unique<LivePusherContext>(std::move(*options));
    pusher->ready.count_down();
    made = std::move(pusher);
    return {};
}

}  // namespace

}  // namespace livepusher::c_api

using namespace livepusher::c_api;

livepusher_t* livepusher_create(const char* options, livepusher_event_fn on_event, void* user, char** error) {
    livepusher_callbacks callbacks;
    livepusher_callbacks_init(&callbacks);
    callbacks.on_event = on_event;
    callbacks.user = user;
    return livepusher_create_with(options, &callbacks, error);
}

livepusher_t* livepusher_create_with(const char* options, const livepusher_callbacks* callbacks, char** error) {
    return createWith<livepusher_handle>(error, [&](auto& made) { return create(options, callbacks, made); });
}

void livepusher_callbacks_init(livepusher_callbacks* callbacks) { initCallbacks(callbacks); }

int livepusher_destroy(livepusher_t* pusher) { return destroy(pusher, "livepusher_destroy"); }
