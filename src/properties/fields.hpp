// SPDX-License-Identifier: MIT
#pragma once

#include "properties/table.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <type_traits>

namespace livepusher::properties {

/// Member types as fields: one maker a type.

template <typename T>
std::optional<T> parseNumber(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if constexpr (std::is_floating_point_v<T>)
        if (!std::isfinite(value)) return std::nullopt;
    return value;
}

inline std::string formatNumber(double value) {
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end};
}

inline Field boolean(bool Properties::*member) {
    return {.type = "bool",
            .allowed = "true, false",
            .parse =
                [member](Properties& p, std::string_view text) {
                    if (text != "true" && text != "false" && text != "1" && text != "0") return false;
                    p.*member = text == "true" || text == "1";
                    return true;
                },
            .format = [member](const Properties& p) { return std::string(p.*member ? "true" : "false"); },
            .valid = [](const Properties&) { return true; },
            .equal = [member](const Properties& a, const Properties& b) { return a.*member == b.*member; }};
}

inline Field optionalBoolean(std::optional<bool> Properties::*member) {
    return {.type = "bool",
            .allowed = "true, false",
            .parse =
                [member](Properties& p, std::string_view text) {
                    if (!text.empty() && text != "true" && text != "false" && text != "1" && text != "0") return false;
                    p.*member = text.empty() ? std::nullopt : std::optional(text == "true" || text == "1");
                    return true;
                },
            .format = [member](const Properties& p) { return std::string(!(p.*member)   ? ""
                                                                         : *(p.*member) ? "true"
                                                                                        : "false"); },
            .valid = [](const Properties&) { return true; },
            .equal = [member](const Properties& a, const Properties& b) { return a.*member == b.*member; }};
}

inline Field text(std::string Properties::*member, std::string allowed,
                  const std::function<bool(const std::string&)>& valid = {}) {
    return {.type = "string",
            .allowed = std::move(allowed),
            .parse =
                [member, valid](Properties& p, std::string_view value) {
                    if (valid && !valid(std::string(value))) return false;
                    p.*member = value;
                    return true;
                },
            .format = [member](const Properties& p) { return p.*member; },
            .valid = [member, valid](const Properties& p) { return !valid || valid(p.*member); },
            .equal = [member](const Properties& a, const Properties& b) { return a.*member == b.*member; }};
}

/// A text that is copied from elsewhere: `bare` takes off what copying leaves around it.
inline Field pasted(Field field, std::string_view (*bare)(std::string_view)) {
    const auto keep = field.parse;
    // What is nothing but wrapping goes on as it is, to be refused by its name.
    field.parse = [keep, bare](Properties& p, std::string_view value) {
        return keep(p, bare(value).empty() ? value : bare(value));
    };
    return field;
}

/// A whole number or a number; `only` narrows the range where it has holes (even sizes, no voice 5).
template <typename T>
Field number(T Properties::*member, T low, T high, std::string allowed = {}, bool (*only)(T) = nullptr) {
    if (allowed.empty()) allowed = formatNumber(static_cast<double>(low)) + ".." + formatNumber(static_cast<double>(high));
    const auto fits = [low, high, only](T v) { return v >= low && v <= high && (!only || only(v)); };
    return {.type = std::is_integral_v<T> ? "int" : "number",
            .allowed = std::move(allowed),
            .parse =
                [member, fits](Properties& p, std::string_view value) {
                    const auto parsed = parseNumber<T>(value);
                    if (!parsed || !fits(*parsed)) return false;
                    p.*member = *parsed;
                    return true;
                },
            .format = [member](const Properties& p) { return formatNumber(static_cast<double>(p.*member)); },
            .valid = [member, fits](const Properties& p) { return fits(p.*member); },
            .equal = [member](const Properties& a, const Properties& b) { return a.*member == b.*member; }};
}

inline Field optionalNumber(std::optional<int> Properties::*member, int low, int high, std::string allowed = {},
                            bool (*only)(int) = nullptr) {
    if (allowed.empty()) allowed = std::to_string(low) + ".." + std::to_string(high);
    const auto fits = [low, high, only](int v) { return v >= low && v <= high && (!only || only(v)); };
    return {.type = "int",
            .allowed = std::move(allowed),
            .parse =
                [member, fits](Properties& p, std::string_view value) {
                    if (value.empty()) {
                        (p.*member).reset();
                        return true;
                    }
                    const auto parsed = parseNumber<int>(value);
                    if (!parsed || !fits(*parsed)) return false;
                    p.*member = *parsed;
                    return true;
                },
            .format = [member](const Properties& p) { return p.*member ? std::to_string(*(p.*member)) : std::string(); },
            .valid = [member, fits](const Properties& p) { return !(p.*member) || fits(*(p.*member)); },
            .equal = [member](const Properties& a, const Properties& b) { return a.*member == b.*member; }};
}

using Names = std::vector<std::string_view>;

inline std::string join(const Names& names) {
    std::string joined;
    for (const auto name : names) joined += (joined.empty() ? "" : ", ") + std::string(name);
    return joined;
}

/// Enumerators in their order, by the spelling the documents use. M: E or std::optional<E>.
template <typename M>
Field enumeration(M Properties::*member, const Names& names) {
    constexpr bool isOptional = !std::is_enum_v<M>;
    const auto index = [member](const Properties& p) {
        if constexpr (isOptional)
            return p.*member ? static_cast<std::size_t>(*(p.*member)) : std::size_t{0};
        else
            return static_cast<std::size_t>(p.*member);
    };
    return {.type = "enum",
            .allowed = join(names),
            .parse =
                [member, names](Properties& p, std::string_view value) {
                    if constexpr (isOptional) {
                        if (value.empty()) {
                            (p.*member).reset();
                            return true;
                        }
                    }
                    for (std::size_t i = 0; i < names.size(); ++i) {
                        if (names[i] != value) continue;
                        if constexpr (isOptional)
                            p.*member = static_cast<typename M::value_type>(i);
                        else
                            p.*member = static_cast<M>(i);
                        return true;
                    }
                    return false;
                },
            .format =
                [member, names, index](const Properties& p) {
                    if constexpr (isOptional)
                        if (!(p.*member)) return std::string();
                    const auto i = index(p);
                    return i < names.size() ? std::string(names[i]) : std::to_string(i);
                },
            .valid = [names, index](const Properties& p) { return index(p) < names.size(); },
            .equal = [member](const Properties& a, const Properties& b) { return a.*member == b.*member; }};
}

/// Comma-separated enumerators, each at most once.
template <typename E>
Field enumerationList(std::vector<E> Properties::*member, const Names& names) {
    return {.type = "list",
            .allowed = "any of " + join(names) + ", separated by commas",
            .parse =
                [member, names](Properties& p, std::string_view value) {
                    std::vector<E> parsed;
                    while (!value.empty()) {
                        const auto comma = value.find(',');
                        const auto word = value.substr(0, comma);
                        value = comma == value.npos ? std::string_view{} : value.substr(comma + 1);
                        const auto found = std::find(names.begin(), names.end(), word);
                        if (found == names.end()) return false;
                        const auto item = static_cast<E>(found - names.begin());
                        if (std::find(parsed.begin(), parsed.end(), item) == parsed.end()) parsed.push_back(item);
                    }
                    p.*member = std::move(parsed);
                    return true;
                },
            .format =
                [member, names](const Properties& p) {
                    std::string joined;
                    for (const auto item : p.*member)
                        joined += (joined.empty() ? "" : ",") + std::string(names[static_cast<std::size_t>(item)]);
                    return joined;
                },
            .valid =
                [member, names](const Properties& p) {
                    for (const auto item : p.*member)
                        if (static_cast<std::size_t>(item) >= names.size()) return false;
                    return true;
                },
            .equal = [member](const Properties& a, const Properties& b) { return a.*member == b.*member; }};
}

}  // namespace livepusher::properties
