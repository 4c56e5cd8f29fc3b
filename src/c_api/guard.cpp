// SPDX-License-Identifier: MIT
#include "c_api/guard.hpp"

#include <algorithm>
#include <array>

namespace livepusher::c_api {

namespace {
thread_local std::array<char, 1024> lastReason{};
}

int refuse(Code code, std::string_view why) noexcept {
    std::size_t length = std::min(why.size(), lastReason.size() - 1);
    constexpr unsigned char kContinues = 0x80, kMask = 0xC0;
    if (length < why.size()) {  // not in the middle of a character
        while (length > 0 && (static_cast<unsigned char>(why[length]) & kMask) == kContinues) --length;
    }
    std::copy_n(why.begin(), length, lastReason.begin());
    lastReason[length] = '\0';
    return static_cast<int>(code);
}

const char* lastError() noexcept { return lastReason.data(); }

}  // namespace livepusher::c_api
