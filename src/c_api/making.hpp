// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/context_options.hpp>

#include "c_api/handle.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace livepusher::c_api {

// What making and destroying a pusher and a player share.

using Task = std::function<void()>;
extern "C" void livepusherRunTask(void* task);

template <typename AnyHandle>
void tellEvent(AnyHandle* handle, std::string_view event, int code, const std::string& json) {
    const std::string name(event);
    callBack(handle, [&] { handle->callbacks.on_event(handle, name.c_str(), code, json.c_str(), handle->callbacks.user); });
}

/// The application's own, or none.
template <typename AnyHandle>
Executor makeExecutor(AnyHandle* handle) {
    if (!handle->callbacks.executor) return {};
    return [handle, executor = handle->callbacks.executor, user = handle->callbacks.user](Task task) {
        auto owned = std::make_unique<Task>(std::move(task));
        const InCallback mark(handle);
        executor(livepusherRunTask, owned.release(), user);
    };
}

/// `init` names what fills them.
template <typename Callbacks>
Result<void> checkCallbacks(const Callbacks* given, const char* init) {
    if (!given) return missing("callbacks");
    if (given->size != sizeof(Callbacks))
        return Error{Code::InvalidArgument, "callbacks: size is " + std::to_string(given->size) + ", must be " +
                                                std::to_string(sizeof(Callbacks)) + ": begin with " + init +
                                                "() of this version's header"};
    return {};
}

template <typename Callbacks>
void initCallbacks(Callbacks* callbacks) {
    if (!callbacks) return;
    *callbacks = {};
    callbacks->size = sizeof *callbacks;
}

/// What `create(made)` made; null, and its reason in `error`, when it was refused.
template <typename AnyHandle, typename Create>
AnyHandle* createWith(char** error, const Create& create) noexcept {
    if (error) *error = nullptr;
    std::unique_ptr<AnyHandle> made;
    const int code = guarded([&] { return create(made); });
    if (code != 0 && error) guarded([&] { return copyOut("error", lastError(), error); });
    return made.release();
}

/// `name` is the function's.
template <typename AnyHandle>
int destroy(AnyHandle* handle, const char* name) noexcept {
    return guarded([&]() -> Result<void> {
        if (handle && InCallback::of(handle))
            return Error{Code::InvalidState,
                         std::string(name) + ": not from inside a callback of the same " + std::string(AnyHandle::kName)};
        if (!handle) return {};
        {
            const std::unique_lock lock(handle->gate);
            handle->closing = true;
        }
        delete handle;
        return {};
    });
}

}  // namespace livepusher::c_api
