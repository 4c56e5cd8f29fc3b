// SPDX-License-Identifier: MIT
#include "effects_parser.hpp"

#include "config_file.hpp"
#include "errors.hpp"
#include "help_text.hpp"
#include "output_kind.hpp"
#include "secrets.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace program {

namespace {

using livepusher::Error;
using livepusher::Result;

/// What is read, and what it is called in messages: {"--config", path}.
using Inputs = std::vector<std::pair<std::string, std::string>>;

/// Errors: InvalidArgument, when `output` is the same file as one that is read, whatever they are called.
Result<void> refuseInputs(const std::string& output, const Inputs& inputs) {
    for (const auto& [what, input] : inputs) {
        std::error_code none;  // one of them isn't there
        const auto path = input.starts_with("file:///") ? input.substr(std::string_view("file://").size()) : input;
        if (!path.empty() && std::filesystem::equivalent(output, path, none))
            return invalid(output + " would be written over while it is read, as " + what + " " + input +
                           ": name another file to write");
    }
    return {};
}

}  // namespace

EffectsParser::EffectsParser(CLI::App& app) : command_(app.add_subcommand("effects", kEffectsDescription)) {
    command_->footer(kEffectsFooter);
    command_->allow_extras();
    command_->add_option("IN", raw_.in);
    command_->add_option("OUT", raw_.out);
    command_->add_flag("--side-by-side", raw_.sideBySide, "the original at the left, the result at the right")->group("Options");
    command_->add_option("--config", config_, "read properties from a JSON object; flags beat it")
        ->group("Options")
        ->option_text("FILE.json")
        ->take_last();
    command_->add_flag("--quiet", raw_.quiet, "no progress, no summary; errors only")->group("Options");
    flags_ = std::make_unique<PropertyFlags>(*command_, pusherTable(), PropertyFlags::Of::Effects);
}

/// Of what nothing takes, told with what was probably meant.
Error EffectsParser::unexpected() const {
    const auto extras = command_->remaining();
    const auto flag = std::ranges::find_if(extras, [](const std::string& extra) { return extra.starts_with("-"); });
    if (flag == extras.end())
        return invalid("effects takes two arguments, IN and OUT; there are " + std::to_string(extras.size() + 2));
    const std::string name = flag->substr(0, flag->find('='));
    const std::size_t word = std::min(name.find_first_not_of('-'), name.size());
    if (pusherTable().find(name.substr(word)) != nullptr) return invalid(name + " means nothing to effects: it is for push");
    return unknownOption(*command_, name);
}

Result<EffectsArguments> EffectsParser::arguments() const {
    if (!command_->remaining().empty()) return unexpected();
    EffectsArguments effects = raw_;
    if (effects.in.empty() || effects.out.empty())
        return invalid("effects needs two arguments: the file IN to read and the file OUT to write");
    if (outputKind(effects.out) == OutputKind::Unknown)
        return invalid(effects.out + ": OUT must end in .png or .jpg for a picture, .mp4, .mkv or .flv for a video");
    std::error_code none;
    if (std::filesystem::equivalent(effects.in, effects.out, none)) return invalid("IN and OUT are the same file, " + effects.in);

    if (!config_.empty()) {
        auto config = readConfig(config_);
        if (!config) return config.error();
        std::erase_if(config->properties,
                      [](const auto& text) { return !pusherTable().find(text.first)->effects; });  // those of a push
        if (auto set = livepusher::setProperties(effects.properties, config->properties); !set)
            return invalid(config_ + ": " + scrub(set.error().message));
    }
    if (auto set = livepusher::setProperties(effects.properties, flags_->given()); !set) return set.error();
    if (auto valid = livepusher::validate(effects.properties); !valid) return valid.error();
    const auto& read = effects.properties;
    if (auto safe = refuseInputs(effects.out,
                                 {{"--config", config_}, {"--watermark", read.watermark}, {"--filter-file", read.filterFile}});
        !safe)
        return safe.error();
    return effects;
}

}  // namespace program
