// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/player_events.hpp>

#include <span>
#include <string_view>

namespace livepusher::playback {

/// Every method that an application can call on a player.
enum class PlayerMethod {
    Start,
    Stop,
    Pause,
    Resume,
    Mute,
    RequestFullScreen,
    ExitFullScreen,
    Snapshot,
    EnterPictureInPicture,
    ExitPictureInPicture,
    EnterBackground,
    ExitBackground,
    HostNavigated,
    HostOpenedNative,
    HostReturned,
    Update,
    SetProperty,
};

/// Set of states, a bit each.
using PlayerStates = unsigned;
constexpr PlayerStates playerStates(auto... state) { return (0U | ... | (1U << static_cast<unsigned>(state))); }

/// One row of the table of methods and states, from which the checks, docs/player-methods.md and the test that walks all of it
/// are made.
struct PlayerMethodRule {
    PlayerMethod method;
    std::string_view name;
    PlayerStates allowed;
    std::string_view need;    ///< said where it is refused
    std::string_view effect;  ///< what it does to the state, for docs
    std::string_view also;    ///< what else it needs, for docs
};

/// All of them, in the order of the enum.
std::span<const PlayerMethodRule> playerMethodRules();
inline const PlayerMethodRule& rule(PlayerMethod method) { return playerMethodRules()[static_cast<std::size_t>(method)]; }

/// Errors: InvalidState.
Result<void> permit(PlayerMethod method, PlayerState state);

}  // namespace livepusher::playback
