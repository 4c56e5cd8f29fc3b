// SPDX-License-Identifier: MIT
#include <livepusher/player_json.hpp>

#include "c_api/asking.hpp"
#include "c_api/player_handle.hpp"

using namespace livepusher;
using namespace livepusher::c_api;

namespace {

// What has numbers in both has the same.
static_assert(static_cast<int>(PlayerState::Idle) == LIVEPUSHER_PLAYER_IDLE);
static_assert(static_cast<int>(PlayerState::Connecting) == LIVEPUSHER_PLAYER_CONNECTING);
static_assert(static_cast<int>(PlayerState::Loading) == LIVEPUSHER_PLAYER_LOADING);
static_assert(static_cast<int>(PlayerState::Playing) == LIVEPUSHER_PLAYER_PLAYING);
static_assert(static_cast<int>(PlayerState::Paused) == LIVEPUSHER_PLAYER_PAUSED);
static_assert(static_cast<int>(PlayerState::Ended) == LIVEPUSHER_PLAYER_ENDED);

}  // namespace

const char* livepusher_player_state_name(int state) {
    if (state < LIVEPUSHER_PLAYER_IDLE || state > LIVEPUSHER_PLAYER_ENDED) return nullptr;
    return toString(static_cast<PlayerState>(state)).data();  // literals: what their views point to ends with a NUL
}

int livepusher_player_describe_properties(char** json) {
    return guarded([&] { return copyOut("json", playerPropertyTableJson(), json); });
}

int livepusher_player_resolve_properties(const char* properties, char** json) {
    return resolveProperties<PlayerProperties>(properties, playerPropertyTexts, json);
}

int livepusher_player_get_property(const livepusher_player_t* player, const char* name, char** value) {
    return getProperty(player, name, value);
}
int livepusher_player_get_properties(const livepusher_player_t* player, char** json) { return getProperties(player, json); }
int livepusher_player_resolve(const livepusher_player_t* player, char** json) { return getResolved(player, json); }
int livepusher_player_get_state(const livepusher_player_t* player, int* state) { return getState(player, state); }
int livepusher_player_get_net_status(const livepusher_player_t* player, char** json) { return getNetStatus(player, json); }
