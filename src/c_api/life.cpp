// SPDX-License-Identifier: MIT
#include <livepusher/json.hpp>

#include "c_api/handle.hpp"
#include "c_api/pictures.hpp"

#include <functional>
#include <mutex>

namespace livepusher::c_api {

namespace {

void tellEvent(livepusher_handle* pusher, std::string_view event, int code, const std::string& json) {
    const std::string name(event);
    callBack(pusher, [&] { pusher->callbacks.on_event(pusher, name.c_str(), code, json.c_str(), pusher->callbacks.user); });
}

Handlers makeHandlers(livepusher_handle* pusher) {
    const auto& callbacks = pusher->callbacks;
    Handlers handlers;
    if (callbacks.on_event) handlers = jsonHandlers(std::bind_front(tellEvent, pusher));
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

using Task = std::function<void()>;

extern "C" void runTask(void* task) {
    const std::unique_ptr<Task> owned(static_cast<Task*>(task));
    (*owned)();
}

Executor makeExecutor(livepusher_handle* pusher) {
    return [pusher, executor = pusher->callbacks.executor, user = pusher->callbacks.user](Task task) {
        auto owned = std::make_unique<Task>(std::move(task));
        const InCallback mark(pusher);
        executor(runTask, owned.release(), user);
    };
}

Result<void> check(const livepusher_callbacks* given) {
    if (!given) return missing("callbacks");
    if (given->size != sizeof(livepusher_callbacks))
        return Error{Code::InvalidArgument, "callbacks: size is " + std::to_string(given->size) + ", must be " +
                                                std::to_string(sizeof(livepusher_callbacks)) +
                                                ": begin with livepusher_callbacks_init() of this version's header"};
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
    if (given->executor) options->executor = makeExecutor(pusher.get());
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
    if (error) *error = nullptr;
    std::unique_ptr<livepusher_handle> made;
    const int code = guarded([&] { return create(options, callbacks, made); });
    if (code != 0 && error) guarded([&] { return copyOut("error", livepusher_last_error(), error); });
    return made.release();
}

void livepusher_callbacks_init(livepusher_callbacks* callbacks) {
    if (!callbacks) return;
    *callbacks = {};
    callbacks->size = sizeof *callbacks;
}

int livepusher_destroy(livepusher_t* pusher) {
    return guarded([&]() -> livepusher::Result<void> {
        if (pusher && InCallback::of(pusher))
            return livepusher::Error{livepusher::Code::InvalidState,
                                     "livepusher_destroy: not from inside a callback of the same pusher"};
        if (!pusher) return {};
        {
            const std::unique_lock lock(pusher->gate);
            pusher->closing = true;
        }
        delete pusher;
        return {};
    });
}
