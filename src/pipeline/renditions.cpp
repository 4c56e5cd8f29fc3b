// SPDX-License-Identifier: MIT
#include "pipeline/renditions.hpp"

#include <algorithm>

namespace livepusher::pipeline {

int Renditions::numberOf(const std::optional<properties::Rendition>& what) {
    if (!what) return 0;
    const auto found = std::ranges::find(known_, *what, &NumberedRendition::what);
    if (found != known_.end()) return found->number;
    known_.push_back({++last_, *what});
    return last_;
}

void Renditions::failed(int number) {
    std::erase_if(known_, [&](const auto& rendition) { return rendition.number == number; });
}

const std::vector<NumberedRendition>& Renditions::keep(const std::vector<int>& numbers) {
    std::erase_if(known_, [&](const auto& known) { return std::ranges::find(numbers, known.number) == numbers.end(); });
    return known_;
}

}  // namespace livepusher::pipeline
