// SPDX-License-Identifier: MIT
#include <livepusher/player_json.hpp>

#include "c_api/calling.hpp"
#include "c_api/player_handle.hpp"

#include <optional>
#include <string>

using namespace livepusher;
using namespace livepusher::c_api;

int livepusher_player_call(livepusher_player_t* player, const char* method, const char* options, livepusher_player_result_fn done,
                           void* user) {
    return withContext(player, [&](LivePlayerContext& context) -> Result<void> {
        if (!method) return missing("method");
        return callPlayerMethod(context, method, options ? options : "", Done{player, done, user});
    });
}

#define PLAIN(name, method)                                                                                   \
    int livepusher_player_##name(livepusher_player_t* player, livepusher_player_result_fn done, void* user) { \
        return livepusher_player_call(player, #method, nullptr, done, user);                                  \
    }
PLAIN(start, start)
PLAIN(pause, pause)
PLAIN(resume, resume)
PLAIN(exit_full_screen, exitFullScreen)
PLAIN(enter_picture_in_picture, enterPictureInPicture)
PLAIN(exit_picture_in_picture, exitPictureInPicture)
PLAIN(enter_background, enterBackground)
PLAIN(exit_background, exitBackground)
PLAIN(host_opened_native, hostOpenedNative)
PLAIN(host_returned, hostReturned)
#undef PLAIN

int livepusher_player_stop(livepusher_player_t* player, int clear_last_frame, livepusher_player_result_fn done, void* user) {
    return call(Done{player, done, user}, "stop", &LivePlayerContext::stop, {.clearLastFrame = clear_last_frame != 0});
}

int livepusher_player_mute(livepusher_player_t* player, int muted, livepusher_player_result_fn done, void* user) {
    return withContext(player, [&](LivePlayerContext& context) -> Result<void> {
        if (muted < -1 || muted > 1)
            return Error{Code::InvalidArgument,
                         "muted " + std::to_string(muted) + ": must be no (0), yes (1) or the other way round (-1)"};
        MuteOptions options;
        if (muted >= 0) options.muted = muted == 1;
        context.mute(Done{player, done, user}.in(std::move(options), "mute"));
        return {};
    });
}

int livepusher_player_request_full_screen(livepusher_player_t* player, int direction, livepusher_player_result_fn done,
                                          void* user) {
    return call(Done{player, done, user}, "requestFullScreen", &LivePlayerContext::requestFullScreen, {.direction = direction});
}

int livepusher_player_snapshot(livepusher_player_t* player, int quality, int source, livepusher_player_result_fn done,
                               void* user) {
    return snapshot(Done{player, done, user}, quality, source);
}

int livepusher_player_snapshot_frame(livepusher_player_t* player, int source, livepusher_player_snapshot_fn done, void* user) {
    return snapshotFrame(player, source, done, user);
}

int livepusher_player_host_navigated(livepusher_player_t* player, const char* event, livepusher_player_result_fn done,
                                     void* user) {
    return hostNavigated(Done{player, done, user}, event);
}

int livepusher_player_set_property(livepusher_player_t* player, const char* name, const char* value,
                                   livepusher_player_result_fn done, void* user) {
    return setOne<PlayerProperties>(Done{player, done, user}, name, value);
}

int livepusher_player_set_properties(livepusher_player_t* player, const char* properties, livepusher_player_result_fn done,
                                     void* user) {
    return setAll(Done{player, done, user}, properties, playerPropertyTexts);
}
