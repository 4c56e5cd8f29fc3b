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

bool cropTo(AVFrame& frame, const base::Rect& part) {
    frame.crop_left = static_cast<std::size_t>(part.x);
    frame.crop_top = static_cast<std::size_t>(part.y);
    frame.crop_right = static_cast<std::size_t>(frame.width - part.x - part.width);
    frame.crop_bottom = static_cast<std::size_t>(frame.height - part.y - part.height);
    return av_frame_apply_cropping(&frame, AV_FRAME_CROP_UNALIGNED) >= 0;
}

CodecPtr quietContext(const AVCodec* codec) {
    CodecPtr context(avcodec_alloc_context3(codec));
    if (context) context->log_level_offset = AV_LOG_DEBUG - AV_LOG_INFO;
    return context;
}

std::string avText(int error) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(error, text.data(), text.size());
    return text.data();
}

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
