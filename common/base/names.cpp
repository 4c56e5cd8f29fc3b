// SPDX-License-Identifier: MIT
#include <livepusher/names.hpp>

#include "base/ascii.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace livepusher {

namespace {

/// Edits (insert, delete, replace; neighbours that changed places are two) from one word to the other: Levenshtein's.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (base::lower(a[i]) == base::lower(b[j]) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
        }
    }
    return row[b.size()];
}

}  // namespace

std::string kebabCase(std::string_view name) {
    std::string kebab;
    for (std::size_t i = 0; i < name.size(); ++i) {
        // Between two words; a run of capitals ("BGM") is one word.
        const bool ends = i + 1 < name.size() && name[i + 1] >= 'a' && name[i + 1] <= 'z';
        if (base::isUpper(name[i]) && i > 0 && name[i - 1] != '-' && (!base::isUpper(name[i - 1]) || ends)) kebab += '-';
        kebab += base::lower(name[i]);
    }
    return kebab;
}

std::string_view nearestName(std::string_view name, std::span<const std::string> candidates) {
    name = name.substr(0, 64);  // no name is longer, and the work grows with it
    std::string_view best;
    std::size_t fewest = std::max<std::size_t>(2, name.size() / 3) + 1;  // farther is no typing error
    for (const auto& candidate : candidates) {
        const std::size_t edits = distance(name, candidate);
        if (edits < fewest && edits < candidate.size()) {
            fewest = edits;
            best = candidate;
        }
    }
    return best;
}

}  // namespace livepusher
