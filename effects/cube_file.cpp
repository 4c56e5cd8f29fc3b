// SPDX-License-Identifier: MIT
#include "effects/cube_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <sstream>
#include <string_view>

#include "base/place.hpp"
#include "base/read_file.hpp"

namespace livepusher::effects {

namespace {

constexpr std::size_t kMost3D = 65, kMost1D = 65536;
constexpr std::size_t kLongestLine = 1024;

Error wrong(std::size_t line, const std::string& what) {
    return {Code::InvalidArgument, "line " + std::to_string(line) + ": " + what};
}

std::string quoted(std::string_view text) { return '"' + std::string(text.substr(0, 40)) + '"'; }

/// Takes the next word off the front; empty at the end.
std::string_view nextWord(std::string_view& rest) {
    constexpr std::string_view kSpace = " \t\r\v\f";
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
    const auto word = rest.substr(0, rest.find_first_of(kSpace));
    rest.remove_prefix(word.size());
    return word;
}

std::optional<float> number(std::string_view word) {
    if (word.starts_with('+')) word.remove_prefix(1);
    float value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

Result<Rgb> threeNumbers(std::string_view rest, std::size_t line, const std::string& of) {
    std::array<float, 3> values{};
    for (auto& value : values) {
        const auto word = nextWord(rest);
        if (word.empty()) return wrong(line, of + ": three numbers are needed");
        const auto read = number(word);
        if (!read) return wrong(line, quoted(word) + " is not a finite number");
        value = *read;
    }
    if (const auto more = nextWord(rest); !more.empty()) return wrong(line, of + ": " + quoted(more) + " is too much");
    return Rgb{values[0], values[1], values[2]};
}

Result<std::size_t> sizeOf(std::string_view rest, std::size_t line, const std::string& name, std::size_t most) {
    const auto word = nextWord(rest);
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), size);
    if (error != std::errc() || end != word.data() + word.size() || size < 2 || size > most || !nextWord(rest).empty())
        return wrong(line, name + " " + quoted(word) + ": must be 2.." + std::to_string(most));
    return size;
}

bool startsNumber(char c) { return c == '-' || c == '+' || c == '.' || (c >= '0' && c <= '9'); }

/// A node below and its share's complement: where between nodes `value` lies.
struct Between {
    std::size_t below = 0;
    float share = 0;
};

Between locate(float value, float min, float max, std::size_t size) {
    const float at = std::clamp((value - min) / (max - min), 0.0F, 1.0F) * static_cast<float>(size - 1);
    const auto below = std::min(static_cast<std::size_t>(at), size - 2);
    return {below, at - static_cast<float>(below)};
}

}  // namespace

Result<Cube> Cube::parse(std::istream& text) {
    Cube cube;
    std::size_t wanted = 0, number = 0;
    std::string buffer;
    while (std::getline(text, buffer)) {
        ++number;
        if (buffer.size() > kLongestLine)
            return wrong(number, std::to_string(buffer.size()) + " characters: no line of a .cube file is longer than " +
                                     std::to_string(kLongestLine));
        std::string_view rest = buffer;
        if (number == 1 && rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);  // a byte order mark, as some editors write
        const auto whole = rest;
        const auto word = nextWord(rest);
        if (word.empty() || word.starts_with('#') || word == "TITLE") continue;
        if (word == "LUT_3D_SIZE" || word == "LUT_1D_SIZE") {
            if (wanted > 0) return wrong(number, "LUT_3D_SIZE or LUT_1D_SIZE a second time");
            cube.threeDimensional_ = word == "LUT_3D_SIZE";
            const auto size = sizeOf(rest, number, std::string(word), cube.threeDimensional_ ? kMost3D : kMost1D);
            if (!size) return size.error();
            cube.size_ = *size;
            wanted = cube.threeDimensional_ ? *size * *size * *size : *size;
            cube.nodes_.reserve(wanted);
        } else if (word == "DOMAIN_MIN" || word == "DOMAIN_MAX") {
            const auto domain = threeNumbers(rest, number, std::string(word));
            if (!domain) return domain.error();
            (word == "DOMAIN_MIN" ? cube.domainMin_ : cube.domainMax_) = *domain;
        } else if (word == "LUT_3D_INPUT_RANGE" || word == "LUT_1D_INPUT_RANGE") {  // DaVinci Resolve's way to say it
            const auto low = effects::number(nextWord(rest)), high = effects::number(nextWord(rest));
            if (!low || !high) return wrong(number, std::string(word) + ": two numbers are needed");
            cube.domainMin_ = {*low, *low, *low};
            cube.domainMax_ = {*high, *high, *high};
        } else if (startsNumber(word.front()) || word.starts_with("nan") || word.starts_with("inf") || word.starts_with("NaN")) {
            if (wanted == 0) return wrong(number, "numbers before LUT_3D_SIZE or LUT_1D_SIZE");
            const auto node = threeNumbers(whole, number, "a row");
            if (!node) return node.error();
            if (cube.nodes_.size() == wanted)
                return wrong(number, "more than the " + std::to_string(wanted) + " rows of its size");
            // Far outside of colours any value means the same, and differences stay finite.
            constexpr float kMost = 1000;
            cube.nodes_.push_back(
                {std::clamp(node->r, -kMost, kMost), std::clamp(node->g, -kMost, kMost), std::clamp(node->b, -kMost, kMost)});
        } else {
            return wrong(number, quoted(word) + " is not a keyword of a .cube file");
        }
    }
    if (text.bad()) return wrong(number, "can't be read further");
    if (wanted == 0) return wrong(number, "the end, and neither LUT_3D_SIZE nor LUT_1D_SIZE");
    if (cube.nodes_.size() < wanted)
        return wrong(number, "the end after " + std::to_string(cube.nodes_.size()) + " rows of " + std::to_string(wanted));
    const auto &min = cube.domainMin_, &max = cube.domainMax_;
    if (!(min.r < max.r && min.g < max.g && min.b < max.b))
        return wrong(number, "the end: DOMAIN_MIN must be below DOMAIN_MAX in each colour");
    return cube;
}

Result<Cube> Cube::load(const std::string& text) {
    const auto local = base::localPath(text);
    if (!local) return Error{Code::InvalidArgument, quoted(text) + ": " + local.error().message};
    const auto& path = *local;
    constexpr std::size_t kMostBytes = std::size_t{24} << 20U;  // 65^3 nodes in 17 digits each have 17 MB
    const auto bytes = base::readFile(path, kMostBytes);
    if (!bytes) return Error{Code::InvalidArgument, quoted(path) + ": " + bytes.error().message, bytes.error().native};
    std::istringstream lines(std::string(bytes->begin(), bytes->end()));
    auto cube = parse(lines);
    if (!cube) return Error{cube.error().code, "\"" + path + "\", " + cube.error().message};
    return cube;
}

Rgb Cube::operator()(const Rgb& rgb) const { return threeDimensional_ ? solid(rgb) : curve(rgb); }

Rgb Cube::curve(const Rgb& rgb) const {
    const auto channel = [&](float value, float min, float max, float Rgb::*member) {
        const auto [below, share] = locate(value, min, max, size_);
        return between(nodes_[below].*member, nodes_[below + 1].*member, share);
    };
    return {channel(rgb.r, domainMin_.r, domainMax_.r, &Rgb::r), channel(rgb.g, domainMin_.g, domainMax_.g, &Rgb::g),
            channel(rgb.b, domainMin_.b, domainMax_.b, &Rgb::b)};
}

Rgb Cube::solid(const Rgb& rgb) const {
    const auto r = locate(rgb.r, domainMin_.r, domainMax_.r, size_), g = locate(rgb.g, domainMin_.g, domainMax_.g, size_),
               b = locate(rgb.b, domainMin_.b, domainMax_.b, size_);
    const auto along = [&](std::size_t green, std::size_t blue) {
        const auto* row = nodes_.data() + (blue * size_ + green) * size_ + r.below;
        return between(row[0], row[1], r.share);
    };
    const auto plane = [&](std::size_t blue) { return between(along(g.below, blue), along(g.below + 1, blue), g.share); };
    return between(plane(b.below), plane(b.below + 1), b.share);
}

}  // namespace livepusher::effects
