// SPDX-License-Identifier: MIT
#include "playback/player_methods.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <string>

namespace livepusher {

std::string_view toString(PlayerState state) {
    constexpr std::array<std::string_view, 6> kNames{"idle", "connecting", "loading", "playing", "paused", "ended"};
    const auto place = static_cast<std::size_t>(state);
    return place < kNames.size() ? kNames[place] : "unknown";
}

}  // namespace livepusher

namespace livepusher::playback {

namespace {

using enum PlayerState;
using enum PlayerMethod;
constexpr PlayerStates kAlways = playerStates(Idle, Connecting, Loading, Playing, Paused, Ended);
constexpr PlayerStates kSeen = playerStates(Connecting, Loading, Playing, Paused, Ended);  // then the last picture stays
constexpr std::string_view kNoView = "nothing is played; start() first";

constexpr std::array kRules{
    PlayerMethodRule{Start, "start", playerStates(Idle, Ended), "stop() it first", "to Connecting, Loading, then Playing",
                     "a valid playUrl"},
    PlayerMethodRule{Stop, "stop", kAlways, "", "to Idle", ""},
    PlayerMethodRule{Pause, "pause", playerStates(Connecting, Loading, Playing), "only what plays can be paused", "to Paused",
                     ""},
    PlayerMethodRule{Resume, "resume", playerStates(Paused), "only what is paused can be resumed",
                     "to where it would be without the pause", ""},
    PlayerMethodRule{Mute, "mute", kAlways, "", "", ""},
    PlayerMethodRule{RequestFullScreen, "requestFullScreen", kSeen, kNoView, "",
                     "a window, or a handler of onVideoFrame; direction 0, 90 or -90; not in full screen yet"},
    PlayerMethodRule{ExitFullScreen, "exitFullScreen", kAlways, "", "", "in full screen"},
    PlayerMethodRule{Snapshot, "snapshot", kAlways, "", "",
                     "a picture that was shown and not cleared since; a directory that can be written"},
    PlayerMethodRule{EnterPictureInPicture, "enterPictureInPicture", kSeen, kNoView, "",
                     "a window, or a handler of onVideoFrame; not in picture-in-picture yet"},
    PlayerMethodRule{ExitPictureInPicture, "exitPictureInPicture", kAlways, "", "", "in picture-in-picture"},
    PlayerMethodRule{EnterBackground, "enterBackground", kAlways, "", "", "not in the background yet"},
    PlayerMethodRule{ExitBackground, "exitBackground", kAlways, "", "", "in the background"},
    PlayerMethodRule{HostNavigated, "hostNavigated", kAlways, "",
                     "to Paused, for push with autoPauseIfNavigate, where pictureInPictureMode has not the event",
                     "as enterPictureInPicture where pictureInPictureMode has the event"},
    PlayerMethodRule{HostOpenedNative, "hostOpenedNative", kAlways, "", "to Paused, with autoPauseIfOpenNative", ""},
    PlayerMethodRule{HostReturned, "hostReturned", kAlways, "", "as resume, where the host's navigation paused it", ""},
    PlayerMethodRule{
        Update, "update", kAlways, "", "",
        "valid values; properties that docs/player-properties.md marks \"before start\" don't change while it plays"},
    PlayerMethodRule{SetProperty, "setProperty", kAlways, "", "", "as update"},
};

static_assert(std::ranges::adjacent_find(kRules, std::ranges::greater_equal{}, &PlayerMethodRule::method) == kRules.end() &&
              kRules.size() == static_cast<std::size_t>(SetProperty) + 1);

}  // namespace

std::span<const PlayerMethodRule> playerMethodRules() { return kRules; }

Result<void> permit(PlayerMethod method, PlayerState state) {
    const auto& r = rule(method);
    if (r.allowed & playerStates(state)) return {};
    return Error{Code::InvalidState, "the player is " + std::string(toString(state)) + "; " + std::string(r.need)};
}

}  // namespace livepusher::playback
