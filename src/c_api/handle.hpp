// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/livepusher.h>
#include <livepusher/context.hpp>

#include "c_api/guard.hpp"

#include <latch>
#include <memory>
#include <shared_mutex>

/// What a livepusher_t* points to.
struct livepusher_handle {
    livepusher_callbacks callbacks{};
    /// Opens when `context` is there: the first events come while it is still being made.
    std::latch ready{1};
    /// Calls hold `gate`, so that each has posted its command before the context goes, or is refused: a
    /// callback may still run while destroy waits for it.
    mutable std::shared_mutex gate;
    bool closing = false;
    std::unique_ptr<livepusher::LivePusherContext> context;  // last: its threads use what is above
};

namespace livepusher::c_api {

/// Marks that this thread runs a callback of `pusher` (null: of all), so that it can't be destroyed there.
class InCallback {
public:
    explicit InCallback(const livepusher_handle* pusher);
    ~InCallback();
    InCallback(const InCallback&) = delete;
    InCallback& operator=(const InCallback&) = delete;

    static bool of(const livepusher_handle* pusher);

private:
    const livepusher_handle* pusher_;
    const InCallback* outer_;
};

/// Calls into the application: when the pusher is ready, and marked as such.
template <typename Call>
void callBack(livepusher_handle* pusher, const Call& call) {
    pusher->ready.wait();
    const InCallback mark(pusher);
    call();
}

/// Runs `body(context)` behind an entry that takes a pusher.
template <typename Handle, typename Body>
int withContext(Handle* pusher, const Body& body) noexcept {
    return guarded([&]() -> Result<void> {
        if (!pusher) return missing("pusher");
        const std::shared_lock lock(pusher->gate);
        if (pusher->closing) return Error{Code::InvalidState, "the pusher is being destroyed"};
        return body(*pusher->context);
    });
}

/// Text for the caller, who frees it.
Result<void> copyOut(const char* name, const std::string& text, char** out);

}  // namespace livepusher::c_api
