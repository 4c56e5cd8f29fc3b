// SPDX-License-Identifier: MIT
#include "sound/alsa_cards.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace livepusher::sound {
namespace {

constexpr std::string_view kPrefix = "alsa:";

}  // namespace

bool isAlsaId(const std::string& id) {
    static constexpr std::array<std::string_view, 7> kNames{
        kPrefix, "hw:", "plughw:", "sysdefault:", "dsnoop:", "dmix:", "front:"};
    return std::ranges::any_of(kNames, [&](std::string_view name) { return id.starts_with(name); });
}

std::string alsaName(const std::string& id) {
    const auto name = id.starts_with(kPrefix) ? id.substr(kPrefix.size()) : id;
    return name.empty() ? "default" : name;
}

std::vector<int> forbiddenCards() {
    constexpr std::string_view kControl = "controlC";
    std::vector<int> found;
    std::error_code error;
    for (std::filesystem::directory_iterator entry("/dev/snd", error), end; !error && entry != end; entry.increment(error)) {
        const auto name = entry->path().filename().string();
        int number = 0;
        if (!name.starts_with(kControl) ||
            std::from_chars(name.data() + kControl.size(), name.data() + name.size(), number).ec != std::errc())
            continue;
        if (access(entry->path().c_str(), R_OK) != 0 && errno == EACCES) found.push_back(number);
    }
    std::ranges::sort(found);
    return found;
}

}  // namespace livepusher::sound
