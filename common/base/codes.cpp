// SPDX-License-Identifier: MIT
#include <livepusher/codes.hpp>

#include <algorithm>
#include <iterator>

namespace livepusher {

namespace {
constexpr CodeInfo kCodes[]{
#define X(name, number, severity, event, fault, sender, text, advice, cause) \
    {Code::name, #name, Severity::severity, CodeEvent::event, Fault::fault, Sender::sender, text, advice, cause},
#include <livepusher/codes.def>
#undef X
};
}  // namespace

std::span<const CodeInfo> allCodes() { return kCodes; }

const CodeInfo* describeCode(int code) {
    const auto* found = std::ranges::find(kCodes, static_cast<Code>(code), &CodeInfo::code);
    return found == std::end(kCodes) ? nullptr : &*found;
}

}  // namespace livepusher
