// SPDX-License-Identifier: MIT
#include "status_line.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

namespace program {

namespace {

template <typename... Arguments>
std::string format(const char* pattern, Arguments... arguments) {
    std::array<char, 128> text{};
    std::snprintf(text.data(), text.size(), pattern, arguments...);
    return text.data();
}

std::string plural(std::uint64_t count, const char* noun) { return std::to_string(count) + " " + noun + (count == 1 ? "" : "s"); }

std::string formatElapsed(std::chrono::seconds elapsed) {
    const long long s = elapsed.count();
    return format("%02lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
}

/// As many of `parts` as `width` columns hold; of the first as much.
std::string fit(const std::vector<std::string>& parts, int width) {
    const auto columns = static_cast<std::size_t>(width > 0 ? width : 0);
    std::string line = parts.front().substr(0, columns);
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (line.size() + 2 + parts[i].size() > columns) break;
        line += "  " + parts[i];
    }
    return line;
}

}  // namespace

std::string formatStatus(livepusher::State state, std::chrono::seconds elapsed, const livepusher::NetStatus& status, int width) {
    const std::vector<std::string> parts{
        std::string(livepusher::toString(state)) + " " + formatElapsed(elapsed),
        std::to_string(status.videoBitrate) + "+" + std::to_string(status.audioBitrate) + " kbps",
        format("%.1f fps", status.videoFPS),
        format("queue %d (%d ms)", status.videoCache + status.audioCache, status.queueDelay),
        std::to_string(status.videoDrop + status.audioDrop) + " dropped",
        plural(static_cast<std::uint64_t>(status.reconnects), "reconnect"),
        format("%dx%d", status.videoWidth, status.videoHeight),
    };
    return fit(parts, width);
}

std::string formatStatus(livepusher::PlayerState state, std::chrono::seconds elapsed, const livepusher::PlayerNetStatus& status,
                         int width) {
    std::vector<std::string> parts{
        std::string(livepusher::toString(state)) + " " + formatElapsed(elapsed),
        format("%dx%d %.1f fps", status.videoWidth, status.videoHeight, status.videoFPS),
        std::to_string(status.netSpeed) + " kbps",
        format("delay %d of %d ms", status.delay, status.targetDelay),
    };
    constexpr double kShown = 0.005;  // of the two digits
    if (std::abs(status.speed - 1) >= kShown) parts.push_back(format("speed %.2f", status.speed));
    parts.push_back(plural(static_cast<std::uint64_t>(status.stalls), "stall"));
    parts.push_back("quality " + std::to_string(status.netQualityLevel));
    return fit(parts, width);
}

std::string formatSummary(std::chrono::milliseconds elapsed, const livepusher::NetStatus& status) {
    return format("pushed %.1f s, ", static_cast<double>(elapsed.count()) / 1000) + plural(status.videoFrames, "frame") + ", " +
           formatBytes(status.bytesSent) + ", " + std::to_string(status.videoDrop + status.audioDrop) + " dropped, " +
           plural(static_cast<std::uint64_t>(status.reconnects), "reconnect");
}

std::string formatSummary(std::chrono::milliseconds elapsed, const livepusher::PlayerNetStatus& status) {
    const auto count = [](int number, const char* noun) { return plural(static_cast<std::uint64_t>(number), noun); };
    const auto stalled = status.stalls > 0 ? format(" of %.1f s", status.stalledMs / 1000.0) : std::string();
    return format("played %.1f s, ", static_cast<double>(elapsed.count()) / 1000) + formatBytes(status.bytesReceived) + ", " +
           count(status.stalls, "stall") + stalled + ", " + count(status.skips, "skip") + ", " +
           count(status.reconnects, "reconnect");
}

std::string formatBytes(std::uint64_t bytes) {
    const auto value = static_cast<double>(bytes);
    if (value < 1e3) return plural(bytes, "byte");
    if (value < 1e6) return format("%.1f kB", value / 1e3);
    if (value < 1e9) return format("%.1f MB", value / 1e6);
    return format("%.2f GB", value / 1e9);
}

}  // namespace program
