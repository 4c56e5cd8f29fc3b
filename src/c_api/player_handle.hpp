// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/livepusher_player.h>
#include <livepusher/player.hpp>

#include "c_api/handle.hpp"

/// What a livepusher_player_t* points to.
struct livepusher_player_handle : livepusher::c_api::Handle<livepusher::LivePlayerContext, livepusher_player_callbacks> {
    static constexpr const char* kName = "player";
};
