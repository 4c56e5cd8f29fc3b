// SPDX-License-Identifier: MIT
#include <livepusher/json.hpp>

#include "json/json.hpp"
#include "json/options.hpp"
#include "json/targets.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>
#include <utility>

namespace livepusher {

namespace {

using json::Json;
using json::Options;
using Context = LivePusherContext;

/// One call by name: its options, and who hears of its outcome.
struct NamedCall {
    std::string_view name;
    Context& context;
    const Json& object;
    JsonResult done;

    /// A callback for any kind of result.
    auto respond() const {
        return [name = std::string(name), done = done](const auto& result) {
            done({result.errCode, result.errMsg}, toJson(name, result));
        };
    }
    /// Calls `method`, unless one of the options was refused.
    template <typename Wanted>
    Result<void> of(void (Context::*method)(Wanted), Wanted wanted, const Options& options) {
        if (auto checked = options.checked(); !checked) return checked;
        wanted.success = respond();
        wanted.fail = respond();
        (context.*method)(std::move(wanted));
        return {};
    }
};

template <auto method>
Result<void> plain(NamedCall& call) {
    return call.of(method, {}, Options(call.object, {}));
}

Result<void> snapshot(NamedCall& call) {
    Options options(call.object, {"quality", "sourceType"});
    SnapshotOptions wanted;
    if (options.choice("quality", "raw", "compressed")) wanted.quality = SnapshotQuality::compressed;
    if (options.choice("sourceType", "stream", "view")) wanted.sourceType = SnapshotSource::view;
    return call.of(&Context::snapshot, std::move(wanted), options);
}

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

Result<void> hostNavigated(NamedCall& call) {
    Options options(call.object, {"event"});
    const auto event = options.choice("event", "push", "pop") ? PictureInPictureEvent::pop : PictureInPictureEvent::push;
    if (!call.object.contains("event")) options.complain("event is missing");
    if (auto checked = options.checked(); !checked) return checked;
    call.context.hostNavigated(event, {.success = call.respond(), .fail = call.respond()});
    return {};
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
    call.context.addTarget(std::move(*target), {.success = call.respond(), .fail = call.respond()});
    return {};
}

Result<void> removeTarget(NamedCall& call) {
    Options options(call.object, {"target"});
    auto id = options.text("target");
    if (auto checked = options.checked(); !checked) return checked;
    call.context.removeTarget(std::move(id), {.success = call.respond(), .fail = call.respond()});
    return {};
}

Result<void> updateTarget(NamedCall& call) {
    auto probe = targetOf(call);  // each value is judged here, so that the change below takes all of them
    if (!probe) return probe.error();
    call.context.updateTarget(probe->id,
                              [object = call.object["target"]](Target& target) {
                                  [[maybe_unused]] const auto changed = json::changeTarget(target, object);
                                  assert(changed);
                              },
                              {.success = call.respond(), .fail = call.respond()});
    return {};
}

struct NamedMethod {
    std::string_view name;
    Result<void> (*call)(NamedCall&);
};

constexpr std::array<NamedMethod, 30> kMethods{{
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

Result<void> callMethod(LivePusherContext& context, std::string_view method, std::string_view text, JsonResult done) {
    const auto object = json::parseObject(text, "options");
    if (!object) return object.error();
    const auto found = std::ranges::find(kMethods, method, &NamedMethod::name);
    if (found == kMethods.end())
        return Error{Code::InvalidArgument, "unknown method \"" + std::string(method.substr(0, 64)) + "\""};
    NamedCall call{method, context, *object, std::move(done)};
    return found->call(call);
}

std::vector<std::string_view> methodNames() {
    std::vector<std::string_view> names;
    std::ranges::transform(kMethods, std::back_inserter(names), &NamedMethod::name);
    return names;
}

Result<void> updateProperties(LivePusherContext& context, PropertyTexts texts, CallOptions options) {
    Properties scratch;  // each value is judged here, so that the change below takes all of them
    if (auto set = setProperties(scratch, texts); !set) return set;
    context.update(
        [texts = std::move(texts)](Properties& inForce) {
            [[maybe_unused]] const auto set = setProperties(inForce, texts);
            assert(set);
        },
        std::move(options));
    return {};
}

}  // namespace livepusher
