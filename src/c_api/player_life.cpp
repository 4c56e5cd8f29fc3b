// SPDX-License-Identifier: MIT
#include <livepusher/player_json.hpp>

#include "c_api/making.hpp"
#include "c_api/pictures.hpp"
#include "c_api/player_handle.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace livepusher::c_api {

namespace {

using PlayerHandle = livepusher_player_handle;

PlayerHandlers makePlayerHandlers(PlayerHandle* player) {
    const auto& callbacks = player->callbacks;
    PlayerHandlers handlers;
    if (callbacks.on_event) handlers = jsonPlayerHandlers(std::bind_front(tellEvent<PlayerHandle>, player));
    if (callbacks.on_video_frame) {
        handlers.onVideoFrame = [player](const VideoFrame& frame) {
            const auto view = viewOf(frame);
            callBack(player, [&] { player->callbacks.on_video_frame(player, &view, player->callbacks.user); });
        };
    }
    if (callbacks.on_audio_block) {
        handlers.onAudioBlock = [player](const HeardAudio& heard) {
            const livepusher_heard_audio block{heard.samples, static_cast<std::size_t>(heard.frames), heard.sampleRate,
                                               heard.channels, heard.heardAt.count()};
            callBack(player, [&] { player->callbacks.on_audio_block(player, &block, player->callbacks.user); });
        };
    }
    return handlers;
}

ResolveUrl makeResolve(PlayerHandle* player) {
    if (!player->callbacks.resolve_url) return {};
    return [player](const std::string& playUrl) -> Result<std::string> {
        constexpr std::size_t kLongest = 4096;  // of a URL
        std::vector<char> text(kLongest + 1, '\0');
        int refused = 0;
        callBack(player, [&] {
            refused = player->callbacks.resolve_url(player, playUrl.c_str(), text.data(), text.size(), player->callbacks.user);
        });
        text.back() = '\0';
        if (refused != 0) return Error{Code::PlayUrlUnresolved, text.data()};
        return std::string(text.data());
    };
}

Result<void> createPlayer(const char* json, const livepusher_player_callbacks* given, std::unique_ptr<PlayerHandle>& made) {
    if (auto good = checkCallbacks(given, "livepusher_player_callbacks_init"); !good) return good;
    auto options = playerOptions(json ? json : "");
    if (!options) return options.error();
    auto player = std::make_unique<PlayerHandle>();
    player->callbacks = *given;
    options->handlers = makePlayerHandlers(player.get());
    options->executor = makeExecutor(player.get());
    options->resolveUrl = makeResolve(player.get());
    player->context = std::make_unique<LivePlayerContext>(std::move(*options));
    player->ready.count_down();
    made = std::move(player);
    return {};
}

}  // namespace

}  // namespace livepusher::c_api

using namespace livepusher::c_api;

livepusher_player_t* livepusher_player_create(const char* options, livepusher_player_event_fn on_event, void* user,
                                              char** error) {
    livepusher_player_callbacks callbacks;
    livepusher_player_callbacks_init(&callbacks);
    callbacks.on_event = on_event;
    callbacks.user = user;
    return livepusher_player_create_with(options, &callbacks, error);
}

livepusher_player_t* livepusher_player_create_with(const char* options, const livepusher_player_callbacks* callbacks,
                                                   char** error) {
    return createWith<livepusher_player_handle>(error, [&](auto& made) { return createPlayer(options, callbacks, made); });
}

void livepusher_player_callbacks_init(livepusher_player_callbacks* callbacks) { initCallbacks(callbacks); }

int livepusher_player_destroy(livepusher_player_t* player) { return destroy(player, "livepusher_player_destroy"); }
