// SPDX-License-Identifier: MIT
#include <livepusher/json.hpp>

#include "c_api/handle.hpp"
#include "c_api/pictures.hpp"

#include <type_traits>
#include <utility>

namespace livepusher::c_api {

namespace {

using Context = LivePusherContext;

/// A result callback with all it is to be called with; may be null.
struct Done {
    livepusher_handle* pusher;
    livepusher_result_fn function;
    void* user;

    void operator()(const MethodResult& result, const std::string& json) const {
        if (function) callBack(pusher, [&] { function(pusher, result.errCode, result.errMsg.c_str(), json.c_str(), user); });
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

/// A method with these options behind an entry.
template <typename Options>
int call(const Done& done, const char* method, void (Context::*function)(Options), std::type_identity_t<Options> options) {
    return withContext(done.pusher, [&](Context& context) -> Result<void> {
        (context.*function)(done.in(std::move(options), method));
        return {};
    });
}

/// A method that takes a target, as a JSON object.
int callWithTarget(livepusher_t* pusher, const char* method, const char* target, const Done& done) {
    return withContext(pusher, [&](Context& context) -> Result<void> {
        if (!target) return missing("target");
        return callMethod(context, method, std::string(R"({"target":)") + target + "}", done);
    });
}

Result<SnapshotSource> sourceOf(int source) { return enumerator<SnapshotSource>("source", source, 2, "stream (0) or view (1)"); }

}  // namespace

}  // namespace livepusher::c_api

using namespace livepusher;
using namespace livepusher::c_api;

int livepusher_call(livepusher_t* pusher, const char* method, const char* options, livepusher_result_fn done, void* user) {
    return withContext(pusher, [&](Context& context) -> Result<void> {
        if (!method) return missing("method");
        return callMethod(context, method, options ? options : "", Done{pusher, done, user});
    });
}

#define PLAIN(name, method)                                                              \
    int livepusher_##name(livepusher_t* pusher, livepusher_result_fn done, void* user) { \
        return livepusher_call(pusher, #method, nullptr, done, user);                    \
    }
PLAIN(start, start)
PLAIN(stop, stop)
PLAIN(pause, pause)
PLAIN(resume, resume)
PLAIN(start_preview, startPreview)
PLAIN(stop_preview, stopPreview)
PLAIN(switch_camera, switchCamera)
PLAIN(toggle_torch, toggleTorch)
PLAIN(pause_bgm, pauseBGM)
PLAIN(resume_bgm, resumeBGM)
PLAIN(stop_bgm, stopBGM)
PLAIN(enter_picture_in_picture, enterPictureInPicture)
PLAIN(exit_picture_in_picture, exitPictureInPicture)
PLAIN(enter_background, enterBackground)
PLAIN(exit_background, exitBackground)
PLAIN(begin_interruption, beginInterruption)
PLAIN(end_interruption, endInterruption)
PLAIN(get_max_zoom, getMaxZoom)
#undef PLAIN

int livepusher_snapshot(livepusher_t* pusher, int quality, int source, livepusher_result_fn done, void* user) {
    return withContext(pusher, [&](Context& context) -> Result<void> {
        const auto wantedQuality = enumerator<SnapshotQuality>("quality", quality, 2, "raw (0) or compressed (1)");
        if (!wantedQuality) return wantedQuality.error();
        const auto wantedSource = sourceOf(source);
        if (!wantedSource) return wantedSource.error();
        context.snapshot(
            Done{pusher, done, user}.in(SnapshotOptions{.quality = *wantedQuality, .sourceType = *wantedSource}, "snapshot"));
        return {};
    });
}

int livepusher_snapshot_frame(livepusher_t* pusher, int source, livepusher_snapshot_fn done, void* user) {
    return withContext(pusher, [&](Context& context) -> Result<void> {
        if (!done) return missing("done");
        const auto wanted = sourceOf(source);
        if (!wanted) return wanted.error();
        SnapshotOptions options{.sourceType = *wanted, .toFile = false};
        options.success = [=](const SnapshotResult& result) {
            const auto view = viewOf(result.frame);
            callBack(pusher, [&] { done(pusher, result.errCode, result.errMsg.c_str(), &view, user); });
        };
        options.fail = [=](const MethodResult& result) {
            callBack(pusher, [&] { done(pusher, result.errCode, result.errMsg.c_str(), nullptr, user); });
        };
        context.snapshot(std::move(options));
        return {};
    });
}

int livepusher_play_bgm(livepusher_t* pusher, const char* url, int loop, livepusher_result_fn done, void* user) {
    return withContext(pusher, [&](Context& context) -> Result<void> {
        if (!url) return missing("url");
        context.playBGM(Done{pusher, done, user}.in(PlayBgmOptions{.url = url, .loop = loop != 0}, "playBGM"));
        return {};
    });
}

int livepusher_seek_bgm(livepusher_t* pusher, int64_t position, livepusher_result_fn done, void* user) {
    return call({pusher, done, user}, "seekBGM", &Context::seekBGM, {.position = position});
}

int livepusher_set_bgm_volume(livepusher_t* pusher, double volume, livepusher_result_fn done, void* user) {
    return call({pusher, done, user}, "setBGMVolume", &Context::setBGMVolume, {.volume = volume});
}

int livepusher_set_mic_volume(livepusher_t* pusher, double volume, livepusher_result_fn done, void* user) {
    return call({pusher, done, user}, "setMICVolume", &Context::setMICVolume, {.volume = volume});
}

int livepusher_set_zoom(livepusher_t* pusher, double zoom, livepusher_result_fn done, void* user) {
    return call({pusher, done, user}, "setZoom", &Context::setZoom, {.zoom = zoom});
}

int livepusher_send_message(livepusher_t* pusher, const char* msg, livepusher_result_fn done, void* user) {
    return withContext(pusher, [&](Context& context) -> Result<void> {
        if (!msg) return missing("msg");
        context.sendMessage(Done{pusher, done, user}.in(MessageOptions{.msg = msg}, "sendMessage"));
        return {};
    });
}

int livepusher_host_navigated(livepusher_t* pusher, const char* event, livepusher_result_fn done, void* user) {
    return withContext(pusher, [&](Context& context) -> Result<void> {
        if (!event) return missing("event");
        const std::string_view name(event);
        if (name != "push" && name != "pop")
            return Error{Code::InvalidArgument, "event \"" + std::string(name.substr(0, 64)) + "\": must be push or pop"};
        context.hostNavigated(name == "pop" ? PictureInPictureEvent::pop : PictureInPictureEvent::push,
                              Done{pusher, done, user}.in(CallOptions{}, "hostNavigated"));
        return {};
    });
}

int livepusher_save_replay(livepusher_t* pusher, const char* path, livepusher_result_fn done, void* user) {
    return withContext(pusher, [&](Context& context) -> Result<void> {
        if (!path) return missing("path");
        context.saveReplay(Done{pusher, done, user}.in(SaveReplayOptions{.path = path}, "saveReplay"));
        return {};
    });
}

int livepusher_add_target(livepusher_t* pusher, const char* target, livepusher_result_fn done, void* user) {
    return callWithTarget(pusher, "addTarget", target, Done{pusher, done, user});
}

int livepusher_update_target(livepusher_t* pusher, const char* target, livepusher_result_fn done, void* user) {
    return callWithTarget(pusher, "updateTarget", target, Done{pusher, done, user});
}

int livepusher_remove_target(livepusher_t* pusher, const char* id, livepusher_result_fn done, void* user) {
    return withContext(pusher, [&](Context& context) -> Result<void> {
        if (!id) return missing("id");
        context.removeTarget(id, Done{pusher, done, user}.in(CallOptions{}, "removeTarget"));
        return {};
    });
}

int livepusher_set_property(livepusher_t* pusher, const char* name, const char* value, livepusher_result_fn done, void* user) {
    return withContext(pusher, [&](Context& context) -> Result<void> {
        if (!name || !value) return missing(name ? "value" : "name");
        Properties scratch;
        if (auto set = setProperty(scratch, name, value); !set) return set;
        context.setProperty(name, value, Done{pusher, done, user}.in(CallOptions{}, "setProperty"));
        return {};
    });
}

int livepusher_set_properties(livepusher_t* pusher, const char* properties, livepusher_result_fn done, void* user) {
    return withContext(pusher, [&](Context& context) -> Result<void> {
        if (!properties) return missing("properties");
        auto texts = propertyTexts(properties);
        if (!texts) return texts.error();
        return updateProperties(context, std::move(*texts), Done{pusher, done, user}.in(CallOptions{}, "update"));
    });
}
