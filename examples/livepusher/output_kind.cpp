// SPDX-License-Identifier: MIT
#include "output_kind.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <utility>

namespace program {

OutputKind outputKind(std::string_view path) {
    constexpr std::array<std::pair<std::string_view, OutputKind>, 6> kEndings{{{".png", OutputKind::Png},
                                                                               {".jpg", OutputKind::Jpeg},
                                                                               {".jpeg", OutputKind::Jpeg},
                                                                               {".mp4", OutputKind::Mp4},
                                                                               {".mkv", OutputKind::Matroska},
                                                                               {".flv", OutputKind::Flv}}};
    std::string ending = std::filesystem::path(path).extension().string();
    std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto* found = std::ranges::find(kEndings, std::string_view(ending), &std::pair<std::string_view, OutputKind>::first);
    return found != kEndings.end() ? found->second : OutputKind::Unknown;
}

}  // namespace program
