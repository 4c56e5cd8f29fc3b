// SPDX-License-Identifier: MIT
#include "property_flags.hpp"

#include <livepusher/names.hpp>

#include "errors.hpp"
#include "names.hpp"

#include <algorithm>

namespace program {

namespace {

std::string helpFor(const livepusher::PropertyInfo& info) {
    std::string text(info.description);
    if (info.type != "bool" && !info.allowed.empty()) text += " (" + info.allowed + ")";
    const bool isText = info.type == "string" || info.type == "list";
    const std::string otherwise = info.defaultValue.empty() && !isText ? std::string(info.whenUnset) : info.defaultValue;
    if (!otherwise.empty()) text += " [" + otherwise + "]";
    constexpr std::size_t kWidth = 74;  // with the column of names about 105
    return wrap(text, kWidth);
}

std::string placeholder(const livepusher::PropertyInfo& info) {
    if (info.type == "bool") return kSwitchValue;
    if (info.type == "int" || info.type == "number") return "N";
    if (info.type == "enum") return "NAME";
    if (info.name == "targets") return "ID=URL";
    return "TEXT";
}

/// A choice that was a switch once may still stand alone: --enhanced-rtmp.
bool standsAlone(const PropertyTable& table, const livepusher::PropertyInfo& info, const std::string* next) {
    const auto takes = [&](std::string_view value) { return table.check(info.name, value).has_value(); };
    return info.type == "enum" && takes("true") && (!next || !takes(*next));
}

bool isBoolean(std::string_view text) { return text == "true" || text == "false"; }

}  // namespace

std::vector<std::string> normalizeFlags(const std::vector<std::string>& arguments) {
    const auto& table = !arguments.empty() && arguments.front() == "play" ? playerTable() : pusherTable();
    std::vector<std::string> normal;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (argument == "--") {  // what follows is no flag
            normal.insert(normal.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i), arguments.end());
            break;
        }
        const std::size_t equals = argument.find('=');
        const std::string name = argument.substr(0, equals);
        const auto* info = name.starts_with("--") ? table.find(name.substr(2)) : nullptr;
        if (info == nullptr) {
            normal.push_back(argument);
            continue;
        }
        const std::string flag = "--" + info->kebabName;
        const bool more = i + 1 < arguments.size();
        if (info->type == "bool") {
            const bool valueFollows = equals == std::string::npos && more && isBoolean(arguments[i + 1]);
            if (valueFollows) {
                normal.push_back(flag + "=" + arguments[++i]);
            } else {
                normal.push_back(equals == std::string::npos ? flag : flag + argument.substr(equals));
            }
            continue;
        }
        normal.push_back(flag);
        if (equals != std::string::npos) {
            normal.push_back(argument.substr(equals + 1));  // may be empty: that unsets the property
        } else if (standsAlone(table, *info, more ? &arguments[i + 1] : nullptr)) {
            normal.emplace_back("true");
        } else if (more) {
            normal.push_back(arguments[++i]);  // its value, even where that looks like a flag
        }
    }
    return normal;
}

PropertyFlags::PropertyFlags(CLI::App& command, const PropertyTable& table, Of which) {
    using enum livepusher::PropertyGroup;
    // Headings come in the order in which their first flag is added. An account comes by --config: its secret is not for a
    // command line.
    for (const auto group : {Stream, Picture, Sound, Effects, Network}) {
        for (const auto& info : table.rows) {
            if (info.group != group || (which == Of::Effects && !info.effects)) continue;
            auto value = std::make_unique<std::string>();
            CLI::Option* option = info.type == "bool" ? command.add_flag("--" + info.kebabName, *value, helpFor(info))
                                                      : command.add_option("--" + info.kebabName, *value, helpFor(info));
            option->group(std::string(toString(group)))->option_text(placeholder(info));
            if (info.name == "targets")
                option->take_all();  // a line each
            else
                option->take_last();
            flags_.push_back({&info, option, std::move(value)});
        }
    }
}

livepusher::PropertyTexts PropertyFlags::given() const {
    livepusher::PropertyTexts texts;
    for (const auto& flag : flags_) {
        if (flag.option->count() == 0) continue;
        auto text = flag.option->results().back();
        if (flag.info->name == "targets") {
            text.clear();
            for (const auto& line : flag.option->results()) text += line + "\n";
        }
        texts.emplace_back(flag.info->name, std::move(text));
    }
    return texts;
}

std::string take(livepusher::PropertyTexts& flags, std::string_view property) {
    const auto found = std::ranges::find(flags, property, &livepusher::PropertyTexts::value_type::first);
    if (found == flags.end()) return {};
    std::string value = std::move(found->second);
    flags.erase(found);
    return value;
}

livepusher::Error unknownOption(const CLI::App& command, const std::string& name) {
    std::vector<std::string> known;
    for (const auto* option : command.get_options()) {
        for (const auto& longName : option->get_lnames()) known.push_back("--" + longName);
    }
    const std::size_t word = std::min(name.find_first_not_of('-'), name.size());
    return invalid("unknown option " + name + suggestion("--" + livepusher::kebabCase(name.substr(word)), known));
}

std::string wrap(std::string_view text, std::size_t width) {
    std::string wrapped;
    std::size_t column = 0;
    while (!text.empty()) {
        const std::size_t length = std::min(text.find(' '), text.size());
        if (column > 0 && column + 1 + length > width) {
            wrapped += '\n';
            column = 0;
        } else if (column > 0) {
            wrapped += ' ';
            ++column;
        }
        wrapped += text.substr(0, length);
        column += length;
        text.remove_prefix(std::min(length + 1, text.size()));
    }
    return wrapped;
}

}  // namespace program
