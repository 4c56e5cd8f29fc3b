// SPDX-License-Identifier: MIT
#include "base/repeated_lines.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::base {

namespace {

/// "1 line like it was left out"
std::string leftOutText(unsigned count, const char* what) {
    return std::to_string(count) + (count == 1 ? " line like " : " lines like ") + what + (count == 1 ? " was" : " were") +
           " left out";
}

}  // namespace

std::string RepeatedLines::shapeOf(std::string_view line) {
    std::string shape;
    bool quoted = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        if (c == '"') quoted = !quoted;
        // "video0" and "/dev/dri/128" are names.
        const char before = at == 0 ? ' ' : line[at - 1];
        const bool free = !quoted && isDigit(c) && (before == ' ' || before == '(' || before == '-' || before == '#');
        if (!free) {
            shape += c;
            continue;
        }
        shape += '#';
        while (at + 1 < line.size() &&
               (isDigit(line[at + 1]) || (line[at + 1] == '.' && at + 2 < line.size() && isDigit(line[at + 2]))))
            ++at;
    }
    return shape;
}

RepeatedLines::Verdict RepeatedLines::note(std::string_view line, Timestamp now) {
    auto shape = shapeOf(line);
    auto kind = std::ranges::find(kinds_, shape, &Kind::shape);
    if (kind == kinds_.end()) {
        if (kinds_.size() == kMostKinds) kinds_.erase(std::ranges::min_element(kinds_, {}, &Kind::written));
        kinds_.push_back({.shape = std::move(shape), .first = {}, .written = now});
        return {.write = true, .addition = {}};
    }
    if (now - kind->written < kEvery) {
        if (kind->leftOut++ == 0) kind->first = line;
        return {};
    }
    const auto leftOut = std::exchange(kind->leftOut, 0U);
    kind->written = now;
    return {.write = true, .addition = leftOut == 0 ? "" : " (" + leftOutText(leftOut, "it") + " before)"};
}

std::vector<std::string> RepeatedLines::owed(Timestamp now, bool all) {
    std::vector<std::string> lines;
    for (auto& kind : kinds_) {
        if (kind.leftOut == 0 || (!all && now - kind.written < kEvery)) continue;
        lines.push_back(leftOutText(std::exchange(kind.leftOut, 0U), "this") + ": " + kind.first);
        kind.written = now;
    }
    return lines;
}

}  // namespace livepusher::base
