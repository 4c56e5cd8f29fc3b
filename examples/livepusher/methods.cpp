// SPDX-License-Identifier: MIT
#include "methods.hpp"

#include "event_json.hpp"
#include "names.hpp"
#include "property_json.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace program {

namespace {

using livepusher::Code;
using Context = livepusher::LivePusherContext;

Json refused(std::string_view method, const std::string& why) {
    return resultJson(method, static_cast<int>(Code::InvalidArgument), std::string(method) + ":fail " + why);
}

/// Reads a request's members and keeps the first thing that is wrong with them.
class Options {
public:
    Options(const Json& request, const std::vector<std::string>& known) : request_(request) {
        for (const auto& [key, value] : request.items()) {
            if (key == "method" || key == "id" || std::ranges::find(known, key) != known.end()) continue;
            complain("unknown option \"" + key + "\"" + suggestion(key, known));
        }
    }

    std::string text(const char* name, const std::optional<std::string>& otherwise = {}) {
        const Json* value = find(name, otherwise.has_value());
        if (value == nullptr) return otherwise.value_or("");
        if (value->is_string()) return value->get<std::string>();
        complain(std::string(name) + " " + toLine(*value) + ": must be a string");
        return {};
    }

    bool flag(const char* name, bool otherwise) {
        const Json* value = find(name, true);
        if (value == nullptr) return otherwise;
        if (value->is_boolean()) return value->get<bool>();
        complain(std::string(name) + " " + toLine(*value) + ": must be true or false");
        return otherwise;
    }

    /// A number, also one in quotes: the documents have both.
    double number(const char* name) {
        const Json* value = find(name, false);
        if (value == nullptr) return 0;
        if (value->is_number()) return value->get<double>();
        if (value->is_string()) {
            const Json parsed = Json::parse(value->get<std::string>(), nullptr, false);
            if (parsed.is_number()) return parsed.get<double>();
        }
        complain(std::string(name) + " " + toLine(*value) + ": must be a number");
        return 0;
    }

    void complain(const std::string& what) {
        if (problem_.empty()) problem_ = what;
    }
    const std::string& problem() const { return problem_; }

private:
    const Json* find(const char* name, bool optional) {
        const auto found = request_.find(name);
        if (found != request_.end()) return &*found;
        if (!optional) complain(std::string(name) + " is missing");
        return nullptr;
    }

    const Json& request_;
    std::string problem_;
};

livepusher::Callback answer(std::string method, ResultSink sink) {
    return [method = std::move(method), sink = std::move(sink)](const livepusher::MethodResult& result) {
        sink(resultJson(method, result.errCode, result.errMsg));
    };
}

using PlainMethod = void (Context::*)(livepusher::CallOptions);
using OtherMethod = void (*)(Context&, Options&, ResultSink);

const std::map<std::string, PlainMethod>& plainMethods() {
    static const std::map<std::string, PlainMethod> methods{
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
        {"getMaxZoom", &Context::getMaxZoom},
        {"enterPictureInPicture", &Context::enterPictureInPicture},
        {"exitPictureInPicture", &Context::exitPictureInPicture},
        {"enterBackground", &Context::enterBackground},
        {"exitBackground", &Context::exitBackground},
        {"beginInterruption", &Context::beginInterruption},
        {"endInterruption", &Context::endInterruption},
    };
    return methods;
}

void snapshot(Context& context, Options& options, ResultSink sink) {
    livepusher::SnapshotOptions call;
    const std::string quality = options.text("quality", "raw");
    const std::string source = options.text("sourceType", "stream");
    if (quality == "compressed") call.quality = livepusher::SnapshotQuality::compressed;
    if (source == "view") call.sourceType = livepusher::SnapshotSource::view;
    if (quality != "raw" && quality != "compressed") options.complain("quality " + quality + ": must be raw or compressed");
    if (source != "stream" && source != "view") options.complain("sourceType " + source + ": must be stream or view");
    if (!options.problem().empty()) return;
    call.success = [sink](const livepusher::SnapshotResult& result) { sink(resultJson("snapshot", result)); };
    call.fail = answer("snapshot", std::move(sink));
    context.snapshot(std::move(call));
}

void playBgm(Context& context, Options& options, ResultSink sink) {
    livepusher::PlayBgmOptions call;
    call.url = options.text("url");
    call.loop = options.flag("loop", false);
    call.complete = answer("playBGM", std::move(sink));
    if (options.problem().empty()) context.playBGM(std::move(call));
}

void setBgmVolume(Context& context, Options& options, ResultSink sink) {
    livepusher::VolumeOptions call;
    call.volume = options.number("volume");
    call.complete = answer("setBGMVolume", std::move(sink));
    if (options.problem().empty()) context.setBGMVolume(std::move(call));
}

void setMicVolume(Context& context, Options& options, ResultSink sink) {
    livepusher::VolumeOptions call;
    call.volume = options.number("volume");
    call.complete = answer("setMICVolume", std::move(sink));
    if (options.problem().empty()) context.setMICVolume(std::move(call));
}

void setZoom(Context& context, Options& options, ResultSink sink) {
    livepusher::ZoomOptions call;
    call.zoom = options.number("zoom");
    call.complete = answer("setZoom", std::move(sink));
    if (options.problem().empty()) context.setZoom(std::move(call));
}

void sendMessage(Context& context, Options& options, ResultSink sink) {
    livepusher::MessageOptions call;
    call.msg = options.text("msg");
    call.complete = answer("sendMessage", std::move(sink));
    if (options.problem().empty()) context.sendMessage(std::move(call));
}

void hostNavigated(Context& context, Options& options, ResultSink sink) {
    const std::string event = options.text("event");
    if (event != "push" && event != "pop") options.complain("event " + event + ": must be push or pop");
    if (!options.problem().empty()) return;
    using livepusher::PictureInPictureEvent;
    context.hostNavigated(event == "push" ? PictureInPictureEvent::push : PictureInPictureEvent::pop,
                          {.complete = answer("hostNavigated", std::move(sink))});
}

struct OtherCall {
    OtherMethod call;
    std::vector<std::string> options;  // the names it takes
};

const std::map<std::string, OtherCall>& otherMethods() {
    static const std::map<std::string, OtherCall> methods{
        {"snapshot", {snapshot, {"quality", "sourceType"}}},
        {"playBGM", {playBgm, {"url", "loop"}}},
        {"setBGMVolume", {setBgmVolume, {"volume"}}},
        {"setMICVolume", {setMicVolume, {"volume"}}},
        {"setZoom", {setZoom, {"zoom"}}},
        {"sendMessage", {sendMessage, {"msg"}}},
        {"hostNavigated", {hostNavigated, {"event"}}},
    };
    return methods;
}

}  // namespace

void callMethod(Context& context, const Json& request, ResultSink sink) {
    const std::string method = request.at("method").get<std::string>();
    const auto plain = plainMethods().find(method);
    const auto other = otherMethods().find(method);
    if (plain == plainMethods().end() && other == otherMethods().end()) {
        std::vector<std::string> known{"quit"};
        for (const auto& [name, unused] : plainMethods()) known.push_back(name);
        for (const auto& [name, unused] : otherMethods()) known.push_back(name);
        return sink(refused(method, "unknown method" + suggestion(method, known)));
    }
    const bool isPlain = plain != plainMethods().end();
    Options options(request, isPlain ? std::vector<std::string>{} : other->second.options);
    if (options.problem().empty()) {
        if (isPlain) return (context.*plain->second)({.complete = answer(method, std::move(sink))});
        other->second.call(context, options, sink);
    }
    if (!options.problem().empty()) sink(refused(method, options.problem()));
}

void setProperties(Context& context, const Json& properties, ResultSink sink) {
    if (!properties.is_object()) return sink(refused("set", "set must be an object of properties"));
    auto texts = propertyTexts(properties);
    if (!texts) return sink(refused("set", texts.error().message));
    auto checked = context.properties();  // each value is checked here, so that the change below takes all of them
    if (auto set = setAll(checked, *texts); !set) return sink(refused("set", set.error().message));
    context.update(
        [texts = std::move(*texts)](livepusher::Properties& inForce) {
            [[maybe_unused]] const auto set = setAll(inForce, texts);
            assert(set);
        },
        {.complete = [sink = std::move(sink)](const livepusher::MethodResult& result) {
            const std::size_t method = result.errMsg.find(':');  // the library calls it "update"
            sink(resultJson("set", result.errCode, "set" + result.errMsg.substr(std::min(method, result.errMsg.size()))));
        }});
}

void getState(Context& context, const Json& what, const ResultSink& sink) {
    Json result = resultJson("get", 0, "get:ok");
    if (what == "properties") {
        result["properties"] = toJson(context.properties());
    } else if (what == "netstatus") {
        result["info"] = toJson(context.netStatus());
    } else if (what == "state") {
        result["state"] = livepusher::toString(context.state());
    } else {
        result = refused("get", toLine(what) + ": must be \"properties\", \"netstatus\" or \"state\"");
    }
    sink(std::move(result));
}

}  // namespace program
