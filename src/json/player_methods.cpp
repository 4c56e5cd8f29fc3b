// SPDX-License-Identifier: MIT
#include <livepusher/player_json.hpp>

#include "json/json.hpp"
#include "json/named_call.hpp"
#include "json/options.hpp"

#include <array>
#include <utility>

namespace livepusher {

namespace {

using json::hostNavigated;
using json::plain;
using json::snapshot;
using Player = LivePlayerContext;
using PlayerCall = json::NamedCall<Player>;

Result<void> stopPlaying(PlayerCall& call) {
    json::Options options(call.object, {"clearLastFrame"});
    StopPlayOptions wanted{.clearLastFrame = options.flag("clearLastFrame", true)};
    return call.of(&Player::stop, std::move(wanted), options);
}

Result<void> mute(PlayerCall& call) {
    json::Options options(call.object, {"muted"});
    MuteOptions wanted;
    if (call.object.contains("muted")) wanted.muted = options.flag("muted", true);
    return call.of(&Player::mute, std::move(wanted), options);
}

Result<void> requestFullScreen(PlayerCall& call) {
    json::Options options(call.object, {"direction"});
    FullScreenOptions wanted{.direction = options.whole("direction", 0)};
    return call.of(&Player::requestFullScreen, std::move(wanted), options);
}

constexpr std::array<json::NamedMethod<Player>, 15> kPlayerMethods{{
    {"start", plain<&Player::start>},
    {"stop", stopPlaying},
    {"pause", plain<&Player::pause>},
    {"resume", plain<&Player::resume>},
    {"mute", mute},
    {"requestFullScreen", requestFullScreen},
    {"exitFullScreen", plain<&Player::exitFullScreen>},
    {"snapshot", snapshot},
    {"enterPictureInPicture", plain<&Player::enterPictureInPicture>},
    {"exitPictureInPicture", plain<&Player::exitPictureInPicture>},
    {"enterBackground", plain<&Player::enterBackground>},
    {"exitBackground", plain<&Player::exitBackground>},
    {"hostNavigated", hostNavigated},
    {"hostOpenedNative", plain<&Player::hostOpenedNative>},
    {"hostReturned", plain<&Player::hostReturned>},
}};

}  // namespace

Result<void> callPlayerMethod(LivePlayerContext& context, std::string_view method, std::string_view options, JsonResult done) {
    return json::callByName<Player>(kPlayerMethods, context, method, options, std::move(done));
}

std::vector<std::string_view> playerMethodNames() { return json::namesOf<Player>(kPlayerMethods); }

}  // namespace livepusher
