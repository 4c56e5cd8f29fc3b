// SPDX-License-Identifier: MIT
#include <livepusher/json.hpp>

#include "c_api/calling.hpp"
#include "c_api/handle.hpp"

#include <string>

namespace livepusher::c_api {

namespace {

using Context = LivePusherContext;

/// A method that takes a target, as a JSON object.
int callWithTarget(livepusher_t* pusher, const char* method, const char* target, const Done<livepusher_handle>& done) {
    return withContext(pusher, [&](Context& context) -> Result<void> {
        if (!target) return missing("target");
        return callMethod(context, method, std::string(R"({"target":)") + target + "}", done);
    });
}

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
    return snapshot(Done{pusher, done, user}, quality, source);
}

int livepusher_snapshot_frame(livepusher_t* pusher, int source, livepusher_snapshot_fn done, void* user) {
    return snapshotFrame(pusher, source, done, user);
}

int livepusher_play_bgm(livepusher_t* pusher, const char* url, int loop, livepusher_result_fn done, void* user) {
    return withContext(pusher, [&](Context& context) -> Result<void> {
        if (!url) return missing("url");
        context.playBGM(Done{pusher, done, user}.in(PlayBgmOptions{.url = url, .loop = loop != 0}, "playBGM"));
        return {};
    });
}

int livepusher_seek_bgm(livepusher_t* pusher, int64_t position, livepusher_result_fn done, void* user) {
    return call(Done{pusher, done, user}, "seekBGM", &Context::seekBGM, {.position = position});
}

int livepusher_set_bgm_volume(livepusher_t* pusher, double volume, livepusher_result_fn done, void* user) {
    return call(Done{pusher, done, user}, "setBGMVolume", &Context::setBGMVolume, {.volume = volume});
}

int livepusher_set_mic_volume(livepusher_t* pusher, double volume, livepusher_result_fn done, void* user) {
    return call(Done{pusher, done, user}, "setMICVolume", &Context::setMICVolume, {.volume = volume});
}

int livepusher_set_zoom(livepusher_t* pusher, double zoom, livepusher_result_fn done, void* user) {
    return call(Done{pusher, done, user}, "setZoom", &Context::setZoom, {.zoom = zoom});
}

int livepusher_send_message(livepusher_t* pusher, const char* msg, livepusher_result_fn done, void* user) {
    return withContext(pusher, [&](Context& context) -> Result<void> {
        if (!msg) return missing("msg");
        context.sendMessage(Done{pusher, done, user}.in(MessageOptions{.msg = msg}, "sendMessage"));
        return {};
    });
}

int livepusher_host_navigated(livepusher_t* pusher, const char* event, livepusher_result_fn done, void* user) {
    return hostNavigated(Done{pusher, done, user}, event);
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
    return setOne<Properties>(Done{pusher, done, user}, name, value);
}

int livepusher_set_properties(livepusher_t* pusher, const char* properties, livepusher_result_fn done, void* user) {
    return setAll(Done{pusher, done, user}, properties, propertyTexts);
}
