// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace livepusher::base {

/// The property `reconnect` in numbers: how long to wait before each attempt.
struct ReconnectSpec {
    std::vector<std::chrono::milliseconds> delays;
    bool jitter = false;  ///< ± 20 %, so that a server's return is not met by all clients at once

    /// "default" survives about 30 s of outage, and of one under 5 s notices the end within 1.5 s; "vendor" is the documents' 3 ×
    /// 3 s; "off"; "COUNTxSECONDS". Empty: none of these.
    static std::optional<ReconnectSpec> parse(std::string_view text) {
        using namespace std::chrono_literals;
        if (text == "default") return ReconnectSpec{{500ms, 1s, 1200ms, 1200ms, 1200ms, 1500ms, 2s, 3s, 4s, 8s, 8s}, true};
        if (text == "vendor") return ReconnectSpec{{3s, 3s, 3s}, false};
        if (text == "off") return ReconnectSpec{};
        unsigned count = 0;
        double seconds = 0;
        const auto* end = text.data() + text.size();
        const auto first = std::from_chars(text.data(), end, count);
        if (first.ec != std::errc{} || first.ptr == end || *first.ptr != 'x') return std::nullopt;
        const auto second = std::from_chars(first.ptr + 1, end, seconds);
        if (second.ec != std::errc{} || second.ptr != end) return std::nullopt;
        if (count < 1 || count > 100'000 || !(seconds >= 0.1 && seconds <= 600)) return std::nullopt;
        return ReconnectSpec{{count, std::chrono::milliseconds(static_cast<int>(seconds * 1000))}, false};
    }
};

}  // namespace livepusher::base
