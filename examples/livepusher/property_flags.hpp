// SPDX-License-Identifier: MIT
#pragma once

#include "property_table.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace program {

/// The command line with every property flag under its kebab-case name, however it was spelled, and with "--muted false" as
/// "--muted=false", so that a switch's value is never taken for the URL. The first word, the command, says whose they are.
std::vector<std::string> normalizeFlags(const std::vector<std::string>& arguments);

/// How `--help` shows that a switch can take a value. HelpFormatter sets it close to the name.
inline constexpr const char* kSwitchValue = "[=BOOL]";

/// One flag for each property that the command takes, made from one of the library's tables.
class PropertyFlags {
public:
    enum class Of { All, Effects };
    explicit PropertyFlags(CLI::App& command, const PropertyTable& table, Of which = Of::All);

    /// What was given, in the table's order. After the command line was parsed.
    livepusher::PropertyTexts given() const;

private:
    struct Flag {
        const livepusher::PropertyInfo* info;
        CLI::Option* option;
        std::unique_ptr<std::string> value;  // CLI11 keeps its address
    };
    std::vector<Flag> flags_;
};

/// The value of the last flag of that property, which is taken out of `flags`; empty: there was none.
std::string take(livepusher::PropertyTexts& flags, std::string_view property);

/// For an option that `command` does not take, told with what was probably meant.
livepusher::Error unknownOption(const CLI::App& command, const std::string& name);

/// `text` with line ends in place of blanks, so that no line is longer than `width` where words allow.
std::string wrap(std::string_view text, std::size_t width);

}  // namespace program
