// SPDX-License-Identifier: MIT
#include "methods.hpp"

#include "names.hpp"
#include "secrets.hpp"

#include <algorithm>

namespace program {

namespace {

Json refusal(const std::string& method, const std::string& why) {
    return resultJson(method, static_cast<int>(livepusher::Code::InvalidArgument), method + ":fail " + why);
}

}  // namespace

void callMethod(Controllable& subject, const Json& request, const ResultSink& sink) {
    const auto method = request.at("method").get<std::string>();
    std::vector<std::string> known{"quit"};
    for (const auto name : subject.methods()) known.emplace_back(name);
    if (std::ranges::find(known, method) == known.end())
        return sink(refusal(method, "unknown method" + suggestion(method, known)));

    Json options = request;
    options.erase("method");
    options.erase("id");
    const auto called = subject.call(
        method, toLine(options), [sink](const livepusher::MethodResult&, const std::string& json) { sink(Json::parse(json)); });
    if (!called) sink(refusal(method, called.error().message));
}

void setProperties(Controllable& subject, const Json& properties, const ResultSink& sink) {
    if (!properties.is_object()) return sink(refusal("set", "set must be an object of properties"));
    auto texts = subject.texts(toLine(properties));
    if (!texts) return sink(refusal("set", texts.error().message));
    const auto answer = [sink](const livepusher::MethodResult& result) {
        const std::size_t method = result.errMsg.find(':');  // the library calls it "update"
        sink(resultJson("set", result.errCode, "set" + result.errMsg.substr(std::min(method, result.errMsg.size()))));
    };
    const auto set = subject.update(std::move(*texts), {.complete = answer});
    if (!set) sink(refusal("set", scrub(set.error().message)));
}

void getState(Controllable& subject, const Json& what, const ResultSink& sink) {
    Json result = resultJson("get", 0, "get:ok");
    if (what == "properties") {
        result["properties"] = subject.properties();
    } else if (what == "netstatus") {
        result["info"] = subject.netStatus();
    } else if (what == "state") {
        result["state"] = subject.state();
    } else {
        result = refusal("get", toLine(what) + ": must be \"properties\", \"netstatus\" or \"state\"");
    }
    sink(std::move(result));
}

}  // namespace program
