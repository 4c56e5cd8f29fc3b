// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/calls.hpp>
#include <livepusher/json.hpp>
#include <livepusher/properties.hpp>

#include "c_api/handle.hpp"
#include "c_api/pictures.hpp"

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace livepusher::c_api {

// What the methods of a pusher and of a player share.

/// A result callback with all it is to be called with; may be null.
template <typename AnyHandle>
struct Done {
    AnyHandle* handle;
    void (*function)(AnyHandle*, int, const char*, const char*, void*);
    void* user;

    void operator()(const MethodResult& result, const std::string& json) const {
        if (function) callBack(handle, [&] { function(handle, result.errCode, result.errMsg.c_str(), json.c_str(), user); });
    }
    /// `options` with this as what is called in the end, with any kind of result.
    template <typename Options>
    Options in(Options options, const char* method) const {
        if (!function) return options;
        const auto respond = [done = *this, method](const auto& result) {
            done({result.errCode, result.errMsg}, toJson(method, result));
        };
        options.success = respond;
        options.fail = respond;
        return options;
    }
};

template <typename AnyHandle>
Done(AnyHandle*, void (*)(AnyHandle*, int, const char*, const char*, void*), void*) -> Done<AnyHandle>;

/// A method with these options behind an entry.
template <typename AnyHandle, typename Options>
int call(const Done<AnyHandle>& done, const char* method, void (AnyHandle::Context::*function)(Options),
         std::type_identity_t<Options> options) {
    return withContext(done.handle, [&](auto& context) -> Result<void> {
        (context.*function)(done.in(std::move(options), method));
        return {};
    });
}

inline Result<SnapshotSource> sourceOf(int source) {
    return enumerator<SnapshotSource>("source", source, 2, "stream (0) or view (1)");
}

template <typename AnyHandle>
int snapshot(const Done<AnyHandle>& done, int quality, int source) {
    return withContext(done.handle, [&](auto& context) -> Result<void> {
        const auto wantedQuality = enumerator<SnapshotQuality>("quality", quality, 2, "raw (0) or compressed (1)");
        if (!wantedQuality) return wantedQuality.error();
        const auto wantedSource = sourceOf(source);
        if (!wantedSource) return wantedSource.error();
        context.snapshot(done.in(SnapshotOptions{.quality = *wantedQuality, .sourceType = *wantedSource}, "snapshot"));
        return {};
    });
}

template <typename AnyHandle>
int snapshotFrame(AnyHandle* handle, int source, void (*done)(AnyHandle*, int, const char*, const livepusher_video_frame*, void*),
                  void* user) {
    return withContext(handle, [&](auto& context) -> Result<void> {
        if (!done) return missing("done");
        const auto wanted = sourceOf(source);
        if (!wanted) return wanted.error();
        SnapshotOptions options{.sourceType = *wanted, .toFile = false};
        options.success = [=](const SnapshotResult& result) {
            const auto view = viewOf(result.frame);
            callBack(handle, [&] { done(handle, result.errCode, result.errMsg.c_str(), &view, user); });
        };
        options.fail = [=](const MethodResult& result) {
            callBack(handle, [&] { done(handle, result.errCode, result.errMsg.c_str(), nullptr, user); });
        };
        context.snapshot(std::move(options));
        return {};
    });
}

template <typename AnyHandle>
int hostNavigated(const Done<AnyHandle>& done, const char* event) {
    return withContext(done.handle, [&](auto& context) -> Result<void> {
        if (!event) return missing("event");
        const std::string_view name(event);
        if (name != "push" && name != "pop")
            return Error{Code::InvalidArgument, "event \"" + std::string(name.substr(0, 64)) + "\": must be push or pop"};
        context.hostNavigated(name == "pop" ? PictureInPictureEvent::pop : PictureInPictureEvent::push,
                              done.in(CallOptions{}, "hostNavigated"));
        return {};
    });
}

/// For a context of the properties P.
template <typename P, typename AnyHandle>
int setOne(const Done<AnyHandle>& done, const char* name, const char* value) {
    return withContext(done.handle, [&](auto& context) -> Result<void> {
        if (!name || !value) return missing(name ? "value" : "name");
        P scratch;
        if (auto set = setProperty(scratch, name, value); !set) return set;
        context.setProperty(name, value, done.in(CallOptions{}, "setProperty"));
        return {};
    });
}

/// `read` makes texts of the JSON.
template <typename AnyHandle>
int setAll(const Done<AnyHandle>& done, const char* properties, Result<PropertyTexts> (*read)(std::string_view)) {
    return withContext(done.handle, [&](auto& context) -> Result<void> {
        if (!properties) return missing("properties");
        auto texts = read(properties);
        if (!texts) return texts.error();
        return updateProperties(context, std::move(*texts), done.in(CallOptions{}, "update"));
    });
}

}  // namespace livepusher::c_api
