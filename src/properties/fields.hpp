// SPDX-License-Identifier: MIT
#pragma once

#include "properties/table.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <type_traits>
#include <utility>

namespace livepusher::properties {

/// Member types as fields: one maker a type. A member that is a std::optional is unset by empty text.

template <typename M>
struct Bare {
    using Type = M;
};
template <typename T>
struct Bare<std::optional<T>> {
    using Type = T;
};
/// What a member holds once it is set.
template <typename M>
using Value = typename Bare<M>::Type;

/// What the makers have in common: `parse` gives none for what is not of the type, `valid` tells whether a value is in range.
template <typename P, typename M, typename Parse, typename Format, typename Valid>
Field<P> field(M P::*member, const std::string& type, const std::string& allowed, Parse parse, Format format, Valid valid) {
    constexpr bool isOptional = !std::is_same_v<M, Value<M>>;
    // The value; null: unset.
    const auto read = [member](const P& p) -> const Value<M>* {
        if constexpr (isOptional)
            return p.*member ? &*(p.*member) : nullptr;
        else
            return &(p.*member);
    };
    return {.type = type,
            .allowed = allowed,
            .parse =
                [member, parse, valid](P& p, std::string_view text) {
                    if constexpr (isOptional) {
                        if (text.empty()) {
                            (p.*member).reset();
                            return true;
                        }
                    }
                    std::optional<Value<M>> parsed = parse(text);
                    if (!parsed || !valid(*parsed)) return false;
                    p.*member = std::move(*parsed);
                    return true;
                },
            .format = [read, format](const P& p) { return read(p) ? std::string(format(*read(p))) : std::string(); },
            .valid = [read, valid](const P& p) { return !read(p) || valid(*read(p)); },
            .equal = [member](const P& a, const P& b) { return a.*member == b.*member; }};
}

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

template <typename P, typename M>
Field<P> boolean(M P::*member) {
    return field(
        member, "bool", "true, false",
        [](std::string_view text) {
            const bool yes = text == "true" || text == "1", no = text == "false" || text == "0";
            return yes || no ? std::optional(yes) : std::nullopt;
        },
        [](bool value) { return value ? "true" : "false"; }, [](bool) { return true; });
}

template <typename P>
Field<P> text(std::string P::*member, const std::string& allowed, bool (*valid)(const std::string&) = nullptr) {
    return field(
        member, "string", allowed, [](std::string_view value) { return std::optional(std::string(value)); },
        [](const std::string& value) { return value; }, [valid](const std::string& value) { return !valid || valid(value); });
}

/// A text that is copied from elsewhere: `bare` takes off what copying leaves around it.
template <typename P>
Field<P> pasted(Field<P> field, std::string_view (*bare)(std::string_view)) {
    const auto keep = field.parse;
    // What is nothing but wrapping goes on as it is, to be refused by its name.
    field.parse = [keep, bare](P& p, std::string_view value) { return keep(p, bare(value).empty() ? value : bare(value)); };
    return field;
}

/// One whose refusals are those of `parser`, which returns a Result: see Field::why.
template <typename P, typename Parser>
Field<P> explained(Field<P> field, Parser parser) {
    field.why = [parser](std::string_view value) -> Result<void> {
        if (const auto parsed = parser(value); !parsed) return parsed.error();
        return {};
    };
    return field;
}

/// A whole number or a number; `only` narrows the range where it has holes (even sizes, no voice 5).
template <typename P, typename M>
Field<P> number(M P::*member, Value<M> low, Value<M> high, std::string allowed = {}, bool (*only)(Value<M>) = nullptr) {
    using T = Value<M>;
    const auto shown = [](T value) {
        if constexpr (std::is_integral_v<T>)
            return std::to_string(value);
        else
            return formatNumber(value);
    };
    if (allowed.empty()) allowed = shown(low) + ".." + shown(high);
    return field(member, std::is_integral_v<T> ? "int" : "number", allowed, parseNumber<T>, shown,
                 [low, high, only](T v) { return v >= low && v <= high && (!only || only(v)); });
}

using Names = std::vector<std::string_view>;

inline std::string join(const Names& names, std::string_view comma = ", ") {
    std::string joined;
    for (const auto name : names) joined.append(joined.empty() ? "" : comma).append(name);
    return joined;
}

/// The enumerator of that name; they stand in their order.
template <typename E>
std::optional<E> named(const Names& names, std::string_view name) {
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? std::nullopt : std::optional(static_cast<E>(found - names.begin()));
}

/// Enumerators in their order, by the spelling the documents use.
template <typename P, typename M>
Field<P> enumeration(M P::*member, const Names& names) {
    using E = Value<M>;
    return field(
        member, "enum", join(names), [names](std::string_view text) { return named<E>(names, text); },
        [names](E value) {
            const auto i = static_cast<std::size_t>(value);
            return i < names.size() ? std::string(names[i]) : std::to_string(i);
        },
        [names](E value) { return static_cast<std::size_t>(value) < names.size(); });
}

/// Comma-separated enumerators, each at most once.
template <typename P, typename E>
Field<P> enumerationList(std::vector<E> P::*member, const Names& names) {
    using List = std::vector<E>;
    return field(
        member, "list", "any of " + join(names) + ", separated by commas",
        [names](std::string_view text) -> std::optional<List> {
            List parsed;
            while (!text.empty()) {
                const auto comma = text.find(',');
                const auto item = named<E>(names, text.substr(0, comma));
                text = comma == text.npos ? std::string_view{} : text.substr(comma + 1);
                if (!item) return std::nullopt;
                if (std::ranges::find(parsed, *item) == parsed.end()) parsed.push_back(*item);
            }
            return parsed;
        },
        [names](const List& list) {
            Names words;
            for (const auto item : list) words.push_back(names[static_cast<std::size_t>(item)]);
            return join(words, ",");
        },
        [names](const List& list) {
            return std::ranges::all_of(list, [&](E item) { return static_cast<std::size_t>(item) < names.size(); });
        });
}

}  // namespace livepusher::properties
