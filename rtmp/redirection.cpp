// SPDX-License-Identifier: MIT
#include "rtmp/redirection.hpp"

#include <algorithm>

namespace livepusher::rtmp {

namespace {

constexpr double kFound = 302;

const AmfValue* member(const AmfValue& of, std::string_view name) {
    const auto found = std::ranges::find(of.members, name, &AmfValue::name);
    return found == of.members.end() ? nullptr : &*found;
}

bool says302(const AmfValue& code) { return code.number == kFound || code.string == "302"; }

}  // namespace

std::string redirectionIn(const AmfValue& info) {
    const AmfValue* const ex = member(info, "ex");
    if (!ex) return {};
    const AmfValue* const code = member(*ex, "code");
    if (!code || !says302(*code)) return {};
    // SRS gives the application in the one and the whole URL, with the stream's name, in the other.
    const auto to = ex->text("redirect");
    return std::string(to.empty() ? ex->text("redirect2") : to);
}

}  // namespace livepusher::rtmp
