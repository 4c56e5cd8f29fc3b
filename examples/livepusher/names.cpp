// SPDX-License-Identifier: MIT
#include "names.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace program {

namespace {

bool isUpper(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }
char toLower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

/// Edits (insert, delete, replace, swap neighbours' places counted as two) from one word to the other.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (toLower(a[i]) == toLower(b[j]) ? 0 : 1);
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
        const bool starts =
            isUpper(name[i]) && i > 0 && name[i - 1] != '-' &&
            (!isUpper(name[i - 1]) || (i + 1 < name.size() && std::islower(static_cast<unsigned char>(name[i + 1])) != 0));
        if (starts) kebab += '-';
        kebab += toLower(name[i]);
    }
    return kebab;
}

const livepusher::PropertyInfo* findProperty(std::string_view name) {
    const auto all = livepusher::allProperties();
    const auto found = std::ranges::find_if(all, [&](const livepusher::PropertyInfo& info) {
        return info.name == name || info.kebabName == name || std::ranges::any_of(info.aliases, [&](std::string_view alias) {
                   return alias == name || kebabCase(alias) == name;
               });
    });
    return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> propertyNames() {
    std::vector<std::string> names;
    for (const auto& info : livepusher::allProperties()) names.emplace_back(info.name);
    return names;
}

std::string nearestName(std::string_view name, std::span<const std::string> candidates) {
    std::string best;
    std::size_t bestDistance = std::max<std::size_t>(2, name.size() / 3) + 1;  // farther is no typing error
    for (const auto& candidate : candidates) {
        const std::size_t edits = distance(name, candidate);
        if (edits < bestDistance && edits < candidate.size()) {
            bestDistance = edits;
            best = candidate;
        }
    }
    return best;
}

std::string suggestion(std::string_view name, std::span<const std::string> candidates) {
    const std::string nearest = nearestName(name, candidates);
    return nearest.empty() ? "" : "; did you mean " + nearest + "?";
}

}  // namespace program
