// SPDX-License-Identifier: MIT
#include "controllable.hpp"

#include <livepusher/player_json.hpp>

#include <utility>

namespace program {

using livepusher::CallOptions;
using livepusher::JsonResult;
using livepusher::PropertyTexts;
using livepusher::Result;

Result<void> ControllablePush::call(const std::string& method, const std::string& options, JsonResult done) {
    return livepusher::callMethod(context_, method, options, std::move(done));
}
std::vector<std::string_view> ControllablePush::methods() const { return livepusher::methodNames(); }
Result<PropertyTexts> ControllablePush::texts(const std::string& json) const { return livepusher::propertyTexts(json); }
Result<void> ControllablePush::update(PropertyTexts texts, CallOptions options) {
    return livepusher::updateProperties(context_, std::move(texts), std::move(options));
}
Json ControllablePush::properties() const { return shownProperties(context_.properties()); }
Json ControllablePush::netStatus() const { return Json::parse(livepusher::toJson(context_.netStatus())); }
std::string_view ControllablePush::state() const { return livepusher::toString(context_.state()); }

Result<void> ControllablePlayer::call(const std::string& method, const std::string& options, JsonResult done) {
    return livepusher::callPlayerMethod(context_, method, options, std::move(done));
}
std::vector<std::string_view> ControllablePlayer::methods() const { return livepusher::playerMethodNames(); }
Result<PropertyTexts> ControllablePlayer::texts(const std::string& json) const { return livepusher::playerPropertyTexts(json); }
Result<void> ControllablePlayer::update(PropertyTexts texts, CallOptions options) {
    return livepusher::updateProperties(context_, std::move(texts), std::move(options));
}
Json ControllablePlayer::properties() const { return shownProperties(context_.properties()); }
Json ControllablePlayer::netStatus() const { return Json::parse(livepusher::toJson(context_.netStatus())); }
std::string_view ControllablePlayer::state() const { return livepusher::toString(context_.state()); }

}  // namespace program
