// SPDX-License-Identifier: MIT
#include <livepusher/json.hpp>

#include "json/json.hpp"
#include "json/options.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace livepusher {

namespace {

using json::Json;
using json::Options;
using Context = LivePusherContext;
using Plain = void (Context::*)(CallOptions);

constexpr std::array<std::pair<std::string_view, Plain>, 17> kPlain{{
    {"start", &Context::start},
    {"stop", &Context::stop},
    {"pause", &Context::pause},
    {"resume", &Context::resume},
    {"startPreview", &Context::startPreview},
    {"stopPreview", &Context::stopPreview},
    {"switchCamera", &Context::switchCamera},
    {"toggleTorch", &Context::toggleTorch},
    {"pauseBGM", &Context::pauseBGM},
    {"resumeBGM", &Context::resumeBGM},
    {"stopBGM", &Context::stopBGM},
    {"enterPictureInPicture", &Context::enterPictureInPicture},
    {"exitPictureInPicture", &Context::exitPictureInPicture},
    {"enterBackground", &Context::enterBackground},
    {"exitBackground", &Context::exitBackground},
    {"beginInterruption", &Context::beginInterruption},
    {"endInterruption", &Context::endInterruption},
}};

Callback answer(std::string_view method, JsonResult done) {
    return [method = std::string(method), done = std::move(done)](const MethodResult& result) {
        done(result, toJson(method, result));
    };
}

Result<void> snapshot(std::string_view name, Context& context, const Json& object, JsonResult done) {
    Options options(object, {"quality", "sourceType"});
    SnapshotOptions call;
    if (options.choice("quality", "raw", "compressed")) call.quality = SnapshotQuality::compressed;
    if (options.choice("sourceType", "stream", "view")) call.sourceType = SnapshotSource::view;
    if (auto checked = options.checked(); !checked) return checked;
    call.success = [done](const SnapshotResult& result) { done({result.errCode, result.errMsg}, toJson("snapshot", result)); };
    call.fail = answer(name, std::move(done));
    context.snapshot(std::move(call));
    return {};
}

Result<void> playBgm(std::string_view name, Context& context, const Json& object, JsonResult done) {
    Options options(object, {"url", "loop"});
    PlayBgmOptions call;
    call.url = options.text("url");
    call.loop = options.flag("loop", false);
    if (auto checked = options.checked(); !checked) return checked;
    call.complete = answer(name, std::move(done));
    context.playBGM(std::move(call));
    return {};
}

Result<void> seekBgm(std::string_view name, Context& context, const Json& object, JsonResult done) {
    Options options(object, {"position"});
    SeekBgmOptions call;
    call.position = options.whole("position", -1);
    if (call.position < 0) options.complain("position must be given, in ms, 0 or more");
    call.complete = answer(name, std::move(done));
    if (auto checked = options.checked(); !checked) return checked;
    context.seekBGM(std::move(call));
    return {};
}

template <void (Context::*method)(VolumeOptions)>
Result<void> setVolume(std::string_view name, Context& context, const Json& object, JsonResult done) {
    Options options(object, {"volume"});
    VolumeOptions call;
    call.volume = options.number("volume");
    call.complete = answer(name, std::move(done));
    if (auto checked = options.checked(); !checked) return checked;
    (context.*method)(std::move(call));
    return {};
}

Result<void> setZoom(std::string_view name, Context& context, const Json& object, JsonResult done) {
    Options options(object, {"zoom"});
    ZoomOptions call;
    call.zoom = options.number("zoom");
    call.complete = answer(name, std::move(done));
    if (auto checked = options.checked(); !checked) return checked;
    context.setZoom(std::move(call));
    return {};
}

Result<void> getMaxZoom(std::string_view name, Context& context, const Json& object, JsonResult done) {
    if (auto checked = Options(object, {}).checked(); !checked) return checked;
    MaxZoomOptions call;
    call.success = [done](const MaxZoomResult& result) { done({result.errCode, result.errMsg}, toJson("getMaxZoom", result)); };
    call.fail = answer(name, std::move(done));
    context.getMaxZoom(std::move(call));
    return {};
}

Result<void> sendMessage(std::string_view name, Context& context, const Json& object, JsonResult done) {
    Options options(object, {"msg"});
    MessageOptions call;
    call.msg = options.text("msg");
    call.complete = answer(name, std::move(done));
    if (auto checked = options.checked(); !checked) return checked;
    context.sendMessage(std::move(call));
    return {};
}

Result<void> hostNavigated(std::string_view name, Context& context, const Json& object, JsonResult done) {
    Options options(object, {"event"});
    const bool pop = options.choice("event", "push", "pop");
    if (!object.contains("event")) options.complain("event is missing");
    if (auto checked = options.checked(); !checked) return checked;
    CallOptions call;
    call.complete = answer(name, std::move(done));
    context.hostNavigated(pop ? PictureInPictureEvent::pop : PictureInPictureEvent::push, std::move(call));
    return {};
}

using Other = Result<void> (*)(std::string_view name, Context&, const Json&, JsonResult);

constexpr std::array<std::pair<std::string_view, Other>, 9> kOther{{
    {"snapshot", snapshot},
    {"playBGM", playBgm},
    {"seekBGM", seekBgm},
    {"setBGMVolume", setVolume<&Context::setBGMVolume>},
    {"setMICVolume", setVolume<&Context::setMICVolume>},
    {"setZoom", setZoom},
    {"getMaxZoom", getMaxZoom},
    {"sendMessage", sendMessage},
    {"hostNavigated", hostNavigated},
}};

}  // namespace

Result<void> callMethod(LivePusherContext& context, std::string_view method, std::string_view text, JsonResult done) {
    const auto object = json::parseObject(text, "options");
    if (!object) return object.error();
    for (const auto& [name, call] : kPlain) {
        if (name != method) continue;
        if (auto checked = Options(*object, {}).checked(); !checked) return checked;
        CallOptions options;
        options.complete = answer(name, std::move(done));
        (context.*call)(std::move(options));
        return {};
    }
    for (const auto& [name, call] : kOther) {
        if (name == method) return call(name, context, *object, std::move(done));
    }
    return Error{Code::InvalidArgument, "unknown method \"" + std::string(method.substr(0, 64)) + "\""};
}

std::vector<std::string_view> methodNames() {
    std::vector<std::string_view> names;
    names.reserve(kPlain.size() + kOther.size());
    for (const auto& [name, call] : kPlain) names.push_back(name);
    for (const auto& [name, call] : kOther) names.push_back(name);
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
