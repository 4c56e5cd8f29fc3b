// SPDX-License-Identifier: MIT
#include "requests.hpp"

namespace program {

namespace {

Json malformed(const std::string& why) {
    return resultJson("", static_cast<int>(livepusher::Code::InvalidArgument),
                      why + R"(; one JSON object a line: {"method":"pause"}, {"set":{"muted":true}} or {"get":"state"})");
}

}  // namespace

void Requests::handle(const std::string& line, ResultSink sink) {
    const Json request = parseJson(line);
    if (request.is_discarded()) return sink(malformed("not valid JSON"));
    if (!request.is_object()) return sink(malformed("not a JSON object"));
    if (const auto id = request.find("id"); id != request.end()) {
        sink = [id = *id, sink = std::move(sink)](Json result) {
            result["id"] = id;
            sink(std::move(result));
        };
    }
    const auto verbs = request.contains("method") + request.contains("set") + request.contains("get");
    if (verbs != 1) return sink(malformed("exactly one of method, set and get is needed, there are " + std::to_string(verbs)));
    if (request.contains("set") || request.contains("get")) {
        for (const auto& [key, value] : request.items()) {
            if (key != "id" && key != "set" && key != "get") return sink(malformed("unknown key \"" + key + "\""));
        }
        if (request.contains("set")) return setProperties(subject_, request["set"], sink);
        return getState(subject_, request["get"], sink);
    }
    if (!request["method"].is_string()) return sink(malformed("method must be a string"));

    if (request["method"] == "quit") {
        sink(resultJson("quit", 0, "quit:ok"));
        return observer_.quit();
    }
    if (request["method"] == "stop") observer_.stopping();
    if (request["method"] == "start") {
        sink = [this, sink = std::move(sink)](const Json& result) {
            if (result.value("ok", false)) observer_.started();
            sink(result);
        };
    }
    callMethod(subject_, request, sink);
}

}  // namespace program
