// SPDX-License-Identifier: MIT
#include <livepusher/codes.hpp>

#include <algorithm>
#include <array>

namespace livepusher {

namespace {
constexpr std::array kCodes{
#define X(name, number, severity, text, advice, cause) CodeInfo{Code::name, #name, Severity::severity, text, advice, cause},
#include <livepusher/codes.def>
#undef X
};
}  // namespace

std::span<const CodeInfo> allCodes() { return kCodes; }

const CodeInfo* describeCode(int code) {
    const auto* found = std::ranges::find(kCodes, static_cast<Code>(code), &CodeInfo::code);
    return found == kCodes.end() ? nullptr : &*found;
}

}  // namespace livepusher
