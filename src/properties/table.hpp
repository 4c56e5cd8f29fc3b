// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/names.hpp>
#include <livepusher/player_properties.hpp>
#include <livepusher/properties.hpp>

#include <algorithm>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace livepusher::properties {

/// How one property of the struct P is read, written and judged; its type is erased here and nowhere else.
template <typename P>
struct Field {
    std::string type;
    std::string allowed;
    /// Takes text; false when it is not of the type or range (then nothing is changed).
    std::function<bool(P&, std::string_view)> parse;
    std::function<std::string(const P&)> format;
    std::function<bool(const P&)> valid;
    std::function<bool(const P&, const P&)> equal;
    bool takesBool = false;  ///< in JSON true and false too, where `type` is another
    /// What is wrong with a text, where `allowed` would be too little to say, and all of it without the text when that is
    /// secret. Empty: `allowed` says it.
    std::function<Result<void>(std::string_view)> why{};
};

template <typename P>
struct Row : PropertyInfo {
    Row(std::string_view called, PropertyGroup in, Field<P> how, Applies when, std::string_view text)
        : PropertyInfo{.name = called,
                       .kebabName = kebabCase(called),
                       .aliases = {},
                       .type = how.type,
                       .allowed = how.allowed,
                       .defaultValue = how.format(P()),
                       .whenUnset = "by mode",
                       .group = in,
                       .applies = when,
                       .extension = false,
                       .effects = false,
                       .account = in == PropertyGroup::Account,
                       .secret = false,
                       .description = text},
          field(std::move(how)) {}

    Field<P> field;
};

/// The one table of the properties P; everything about a property that is not its struct member is here.
template <typename P>
std::span<const Row<P>> table();
template <>
std::span<const Row<Properties>> table<Properties>();
template <>
std::span<const Row<PlayerProperties>> table<PlayerProperties>();

/// Row of a name in any spelling; null when there is none.
template <typename P>
const Row<P>* find(std::string_view name) {
    const auto matches = [name](std::string_view candidate) { return name == candidate || name == kebabCase(candidate); };
    for (const auto& row : table<P>())
        if (matches(row.name) || std::ranges::any_of(row.aliases, matches)) return &row;
    return nullptr;
}

/// The first property that is another in `after` and can't change between start and stop; null: there is none.
template <typename P>
const Row<P>* changedForSession(const P& before, const P& after) {
    for (const auto& row : table<P>())
        if (row.applies == Applies::Session && !row.field.equal(before, after)) return &row;
    return nullptr;
}

}  // namespace livepusher::properties
