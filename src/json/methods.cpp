// SPDX-License-Identifier: MIT
#include <livepusher/json.hpp>

#include "json/json.hpp"
#include "json/named_call.hpp"
#include "json/options.hpp"
#include "json/targets.hpp"

#include <array>
#include <cassert>
#include <utility>

namespace livepusher {

namespace {

using json::Json;
using json::Options;
using Context = LivePusherContext;

using NamedCall = json::NamedCall<Context>;
using json::hostNavigated;
using json::plain;
using json::snapshot;

Result<void> playBgm(NamedCall& call) {
    Options options(call.object, {"url", "loop"});
    PlayBgmOptions wanted;
    wanted.url = options.text("url");
    wanted.loop = options.flag("loop", false);
    return call.of(&Context::playBGM, std::move(wanted), options);
}

Result<void> seekBgm(NamedCall& call) {
    Options options(call.object, {"position"});
    SeekBgmOptions wanted{.position = options.whole("position", -1)};
    if (wanted.position < 0) options.complain("position must be given, in ms, 0 or more");
    return call.of(&Context::seekBGM, std::move(wanted), options);
}

template <void (Context::*method)(VolumeOptions)>
Result<void> setVolume(NamedCall& call) {
    Options options(call.object, {"volume"});
    VolumeOptions wanted{.volume = options.number("volume")};
    return call.of(method, std::move(wanted), options);
}

Result<void> setZoom(NamedCall& call) {
    Options options(call.object, {"zoom"});
    ZoomOptions wanted{.zoom = options.number("zoom")};
    return call.of(&Context::setZoom, std::move(wanted), options);
}

Result<void> sendMessage(NamedCall& call) {
    Options options(call.object, {"msg"});
    MessageOptions wanted{.msg = options.text("msg")};
    return call.of(&Context::sendMessage, std::move(wanted), options);
}

Result<void> saveReplay(NamedCall& call) {
    Options options(call.object, {"path"});
    SaveReplayOptions wanted{.path = options.text("path")};
    return call.of(&Context::saveReplay, std::move(wanted), options);
}

/// The member "target" of the options, which has no other.
Result<Target> targetOf(const NamedCall& call) {
    if (call.object.size() != 1 || !call.object.contains("target"))
        return Error{Code::InvalidArgument, "it takes the option target, an object, and no other"};
    return json::readTarget(call.object["target"]);
}

Result<void> addTarget(NamedCall& call) {
    auto target = targetOf(call);
    if (!target) return target.error();
    call.context.addTarget(std::move(*target), call.callOptions());
    return {};
}

Result<void> removeTarget(NamedCall& call) {
    Options options(call.object, {"target"});
    auto id = options.text("target");
    if (auto checked = options.checked(); !checked) return checked;
    call.context.removeTarget(std::move(id), call.callOptions());
    return {};
}

Result<void> updateTarget(NamedCall& call) {
    auto probe = targetOf(call);  // each value is judged here, so that the change below takes all of them
    if (!probe) return probe.error();
    call.context.updateTarget(
        probe->id,
        [object = call.object["target"]](Target& target) {
            [[maybe_unused]] const auto changed = json::changeTarget(target, object);
            assert(changed);
        },
        call.callOptions());
    return {};
}

constexpr std::array<json::NamedMethod<Context>, 30> kMethods{{
    {"start", plain<&Context::start>},
    {"stop", plain<&Context::stop>},
    {"pause", plain<&Context::pause>},
    {"resume", plain<&Context::resume>},
    {"startPreview", plain<&Context::startPreview>},
    {"stopPreview", plain<&Context::stopPreview>},
    {"switchCamera", plain<&Context::switchCamera>},
    {"toggleTorch", plain<&Context::toggleTorch>},
    {"pauseBGM", plain<&Context::pauseBGM>},
    {"resumeBGM", plain<&Context::resumeBGM>},
    {"stopBGM", plain<&Context::stopBGM>},
    {"enterPictureInPicture", plain<&Context::enterPictureInPicture>},
    {"exitPictureInPicture", plain<&Context::exitPictureInPicture>},
    {"enterBackground", plain<&Context::enterBackground>},
    {"exitBackground", plain<&Context::exitBackground>},
    {"beginInterruption", plain<&Context::beginInterruption>},
    {"endInterruption", plain<&Context::endInterruption>},
    {"snapshot", snapshot},
    {"playBGM", playBgm},
    {"seekBGM", seekBgm},
    {"setBGMVolume", setVolume<&Context::setBGMVolume>},
    {"setMICVolume", setVolume<&Context::setMICVolume>},
    {"setZoom", setZoom},
    {"getMaxZoom", plain<&Context::getMaxZoom>},
    {"sendMessage", sendMessage},
    {"saveReplay", saveReplay},
    {"hostNavigated", hostNavigated},
    {"addTarget", addTarget},
    {"removeTarget", removeTarget},
    {"updateTarget", updateTarget},
}};

}  // namespace

Result<void> callMethod(LivePusherContext& context, std::string_view method, std::string_view options, JsonResult done) {
    return json::callByName<Context>(kMethods, context, method, options, std::move(done));
}

std::vector<std::string_view> methodNames() { return json::namesOf<Context>(kMethods); }

}  // namespace livepusher
