// SPDX-License-Identifier: MIT
#include "av/av.hpp"

#include <array>
#include <cstdarg>
#include <mutex>

#include "base/log.hpp"
#include "base/place.hpp"
#include "net/network_options.hpp"

extern "C" {
#include <libavutil/log.h>
}

namespace livepusher::capture {
namespace {

void toOwnLog(void* context, int level, const char* format, va_list arguments) {
    if (level > AV_LOG_WARNING || !base::logs(LogLevel::Debug)) return;
    std::array<char, 512> line{};
    int prefix = 1;
    av_log_format_line2(context, level, format, arguments, line.data(), static_cast<int>(line.size()), &prefix);
    std::string text = line.data();
    // A URL may hold a secret anywhere behind its scheme.
    if (const auto url = text.find("://"); url != std::string::npos) text.resize(url);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (!text.empty()) base::log(LogLevel::Debug, "libav: " + text);
}

}  // namespace

void warnOfOwnWay(const std::string& label, const std::string& url, const base::NetworkOptions& network) {
    if (network.proxy.empty() && network.networkInterface.empty()) return;
    base::log(LogLevel::Warning, label + ": proxy and networkInterface don't hold for " + base::schemeOf(url) +
                                     ": it is connected to directly, as the system's routes lead");
}

void routeLibavLog() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (av_log_get_level() == AV_LOG_INFO) av_log_set_callback(toOwnLog);
    });
}

}  // namespace livepusher::capture
