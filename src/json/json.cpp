// SPDX-License-Identifier: MIT
#include "json/json.hpp"

#include <stdexcept>

namespace livepusher::json {

namespace {

constexpr int kDeepest = 16;
constexpr std::size_t kLongestShown = 80;

Error invalid(std::string_view what, const std::string& why) { return {Code::InvalidArgument, std::string(what) + ": " + why}; }

bool keepShallow(int depth, Json::parse_event_t, Json&) {
    if (depth > kDeepest) throw std::length_error("too deep");
    return true;
}

}  // namespace

std::string toLine(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

Result<Json> parseObject(std::string_view text, std::string_view what) {
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return Json::object();
    try {
        Json parsed = Json::parse(text.begin(), text.end(), keepShallow);
        if (!parsed.is_object()) return invalid(what, "must be a JSON object, not " + shown(parsed));
        return parsed;
    } catch (const Json::parse_error& error) {
        return invalid(what, "not valid JSON (at byte " + std::to_string(error.byte) + ")");
    } catch (const Json::exception&) {  // a number beyond all ranges
        return invalid(what, "a number is beyond what a double holds");
    } catch (const std::length_error&) {
        return invalid(what, "nested too deep");
    }
}

std::string shown(const Json& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "an array";
    if (value.is_string() && value.get_ref<const std::string&>().find("://") != std::string::npos) return "a URL";
    std::string text = toLine(value);
    return text.size() <= kLongestShown ? text : text.substr(0, kLongestShown) + "...";
}

}  // namespace livepusher::json
