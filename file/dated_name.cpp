// SPDX-License-Identifier: MIT
#include "file/dated_name.hpp"

#include <array>
#include <string_view>

namespace livepusher::file {

std::string datedName(const std::string& path, std::time_t now) {
    constexpr std::string_view kKnown = "YmdHMSjy%";
    std::tm local{};
    if (path.find('%') == path.npos || !localtime_r(&now, &local)) return path;
    std::string out;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] != '%' || i + 1 == path.size() || kKnown.find(path[i + 1]) == kKnown.npos) {
            out += path[i];
            continue;
        }
        const std::array<char, 3> format{'%', path[++i], '\0'};
        std::array<char, 16> text{};
        out.append(text.data(), std::strftime(text.data(), text.size(), format.data(), &local));
    }
    return out;
}

}  // namespace livepusher::file
