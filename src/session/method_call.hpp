// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/calls.hpp>
#include <livepusher/error.hpp>

#include "base/attempt.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace livepusher::session {

// What a method's success calls back with.
inline MethodResult succeeded(const std::string& method, const Result<void>&) { return {0, method + ":ok"}; }
inline MaxZoomResult succeeded(const std::string& method, const Result<double>& most) {
    return {.errMsg = method + ":ok", .maxZoom = *most};
}
inline SnapshotResult succeeded(const std::string&, const Result<SnapshotResult>& taken) { return *taken; }

/// The name is not said twice.
inline MethodResult failed(const std::string& method, const Error& error) {
    std::string_view why = error.message;
    if (why.starts_with(method + ": ")) why.remove_prefix(method.size() + 2);
    return {static_cast<int>(error.code), method + ":fail " + std::string(why)};
}

/// Tells a method's outcome, once: one of success and fail, then complete. By `events`, which outlives it.
template <typename Events, typename Options>
struct MethodReply {
    Events* events;
    std::string method;
    Options options;
    std::shared_ptr<bool> replied = std::make_shared<bool>(false);

    template <typename T>
    void operator()(const Result<T>& outcome) const {
        if (!outcome) return fail(outcome.error());
        tell(options.success, succeeded(method, outcome));
    }
    void fail(const Error& error) const { tell(options.fail, failed(method, error)); }

private:
    template <typename First, typename Told>
    void tell(const First& first, Told result) const {
        if (std::exchange(*replied, true)) return;
        events->call([first, complete = options.complete, result = std::move(result)] {
            if (first) first(result);
            if (complete) complete({result.errCode, result.errMsg});
        });
    }
};

/// Runs `command` on `subject` unless `permitted` is against it. It returns the outcome, or, where the method ends later, takes
/// the reply to call. To be called on control.
template <typename Reply, typename Subject, typename Command>
void perform(const Reply& reply, const Result<void>& permitted, Subject& subject, const Command& command) {
    if (!permitted) return reply.fail(permitted.error());
    const auto done = base::attempt([&] {
        if constexpr (std::is_invocable_v<Command, Subject&>)
            reply(std::invoke(command, subject));
        else
            std::invoke(command, subject, reply);
    });
    if (!done) reply.fail(done.error());
}

}  // namespace livepusher::session
