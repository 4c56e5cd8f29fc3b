// SPDX-License-Identifier: MIT
#include "json.hpp"

#include "secrets.hpp"

#include <livepusher/player_json.hpp>

namespace program {

std::string toLine(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json parseJson(std::string_view text, bool withComments) {
    constexpr int kDeepest = 16;
    bool tooDeep = false;
    const auto notice = [&](int depth, Json::parse_event_t, Json&) {
        tooDeep = tooDeep || depth > kDeepest;
        return !tooDeep;
    };
    Json parsed = Json::parse(text.begin(), text.end(), notice, false, withComments);
    return tooDeep ? Json(Json::value_t::discarded) : parsed;
}

Json resultJson(std::string_view method, int errCode, const std::string& errMsg) {
    return Json::parse(livepusher::toJson(method, livepusher::MethodResult{errCode, errMsg}));
}

namespace {

/// Stars over what the table calls secret, but the URL, of which something may be seen.
void hideSecrets(Json& object, std::span<const livepusher::PropertyInfo> table, std::string_view url) {
    for (const auto& info : table) {
        auto& value = object[std::string(info.name)];
        if (info.secret && info.name != url && value.is_string() && !value.get_ref<const std::string&>().empty()) value = "***";
    }
}

}  // namespace

Json shownProperties(const livepusher::Properties& properties) {
    auto shown = properties;
    shown.url = redactUrl(properties.url, !properties.streamKey.empty());
    for (auto& target : shown.targets)
        for (auto& url : target.urls) url = redactUrl(url, !target.streamKey.empty());
    for (auto& target : shown.targets)
        if (!target.streamKey.empty()) target.streamKey = "***";
    Json object = Json::parse(livepusher::toJson(shown));
    hideSecrets(object, livepusher::allProperties(), "url");
    return object;
}

Json shownProperties(const livepusher::PlayerProperties& properties) {
    auto shown = properties;
    shown.playUrl = redactUrl(properties.playUrl);
    Json object = Json::parse(livepusher::toJson(shown));
    hideSecrets(object, livepusher::allPlayerProperties(), "playUrl");
    return object;
}

}  // namespace program
