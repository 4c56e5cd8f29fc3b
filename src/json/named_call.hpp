// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/json.hpp>

#include "json/json.hpp"
#include "json/options.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace livepusher::json {

/// One call of a method by name: its options, and who hears of its outcome.
template <typename Context>
struct NamedCall {
    std::string_view name;
    Context& context;
    const Json& object;
    JsonResult done;

    /// A callback for any kind of result.
    auto respond() const {
        return [name = std::string(name), done = done](const auto& result) {
            done({result.errCode, result.errMsg}, toJson(name, result));
        };
    }
    /// For a method without options of its own.
    CallOptions callOptions() const { return {.success = respond(), .fail = respond()}; }
    /// Calls `method`, unless one of the options was refused.
    template <typename Wanted>
    Result<void> of(void (Context::*method)(Wanted), Wanted wanted, const Options& options) {
        if (auto checked = options.checked(); !checked) return checked;
        wanted.success = respond();
        wanted.fail = respond();
        (context.*method)(std::move(wanted));
        return {};
    }
};

template <typename Context>
struct NamedMethod {
    std::string_view name;
    Result<void> (*call)(NamedCall<Context>&);
};

/// Calls the one of that name with the options in `text`. Errors: as callMethod().
template <typename Context>
Result<void> callByName(std::span<const NamedMethod<Context>> methods, Context& context, std::string_view method,
                        std::string_view text, JsonResult done) {
    const auto object = parseObject(text, "options");
    if (!object) return object.error();
    const auto found = std::ranges::find(methods, method, &NamedMethod<Context>::name);
    if (found == methods.end())
        return Error{Code::InvalidArgument, "unknown method \"" + std::string(method.substr(0, 64)) + "\""};
    NamedCall<Context> call{method, context, *object, std::move(done)};
    return found->call(call);
}

template <typename Context>
std::vector<std::string_view> namesOf(std::span<const NamedMethod<Context>> methods) {
    std::vector<std::string_view> names;
    for (const auto& method : methods) names.push_back(method.name);
    return names;
}

// Methods that a pusher and a player have alike.

template <auto method, typename Context>
Result<void> plain(NamedCall<Context>& call) {
    return call.of(method, {}, Options(call.object, {}));
}

template <typename Context>
Result<void> snapshot(NamedCall<Context>& call) {
    Options options(call.object, {"quality", "sourceType"});
    SnapshotOptions wanted;
    if (options.choice("quality", "raw", "compressed")) wanted.quality = SnapshotQuality::compressed;
    if (options.choice("sourceType", "stream", "view")) wanted.sourceType = SnapshotSource::view;
    return call.of(&Context::snapshot, std::move(wanted), options);
}

template <typename Context>
Result<void> hostNavigated(NamedCall<Context>& call) {
    Options options(call.object, {"event"});
    const auto event = options.choice("event", "push", "pop") ? PictureInPictureEvent::pop : PictureInPictureEvent::push;
    if (!call.object.contains("event")) options.complain("event is missing");
    if (auto checked = options.checked(); !checked) return checked;
    call.context.hostNavigated(event, call.callOptions());
    return {};
}

}  // namespace livepusher::json
