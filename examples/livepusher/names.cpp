// SPDX-License-Identifier: MIT
#include "names.hpp"

#include <livepusher/names.hpp>

namespace program {

std::string suggestion(std::string_view name, std::span<const std::string> candidates) {
    const auto nearest = livepusher::nearestName(name, candidates);
    return nearest.empty() ? "" : "; did you mean " + std::string(nearest) + "?";
}

}  // namespace program
