// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/livepusher.h>
#include <livepusher/context.hpp>

#include "c_api/guard.hpp"

#include <latch>
#include <memory>
#include <shared_mutex>
#include <string>

namespace livepusher::c_api {

/// What a handle that C holds points to.
template <typename Of, typename CallbacksInC>
struct Handle {
    using Context = Of;
    using Callbacks = CallbacksInC;

    Callbacks callbacks{};
    /// Opens when `context` is there: the first events come while it is still being made.
    std::latch ready{1};
    /// Calls hold `gate`, so that each has posted its command before the context goes, or is refused: a
    /// callback may still run while destroy waits for it.
    mutable std::shared_mutex gate;
    bool closing = false;
    std::unique_ptr<Context> context;  // last: its threads use what is above
};

}  // namespace livepusher::c_api

/// What a livepusher_t* points to.
struct livepusher_handle : livepusher::c_api::Handle<livepusher::LivePusherContext, livepusher_callbacks> {
    static constexpr const char* kName = "pusher";
};

namespace livepusher::c_api {

/// Marks that this thread runs a callback of that handle (null: of all), so that it can't be destroyed there.
class InCallback {
public:
    explicit InCallback(const void* handle);
    ~InCallback();
    InCallback(const InCallback&) = delete;
    InCallback& operator=(const InCallback&) = delete;

    static bool of(const void* handle);

private:
    const void* handle_;
    const InCallback* outer_;
};

/// Calls into the application: when what it is of is ready, and marked as such.
template <typename AnyHandle, typename Call>
void callBack(AnyHandle* handle, const Call& call) {
    handle->ready.wait();
    const InCallback mark(handle);
    call();
}

/// Runs `body(context)` behind an entry that takes a handle.
template <typename AnyHandle, typename Body>
int withContext(AnyHandle* handle, const Body& body) noexcept {
    return guarded([&]() -> Result<void> {
        if (!handle) return missing(AnyHandle::kName);
        const std::shared_lock lock(handle->gate);
        if (handle->closing) return Error{Code::InvalidState, "the " + std::string(AnyHandle::kName) + " is being destroyed"};
        return body(*handle->context);
    });
}

/// Text for the caller, who frees it.
Result<void> copyOut(const char* name, const std::string& text, char** out);

}  // namespace livepusher::c_api
