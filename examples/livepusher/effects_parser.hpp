// SPDX-License-Identifier: MIT
#pragma once

#include "effects_command.hpp"
#include "property_flags.hpp"

#include <livepusher/error.hpp>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

namespace program {

/// The command `effects` with its flags.
class EffectsParser {
public:
    explicit EffectsParser(CLI::App& app);
    bool parsed() const { return command_->parsed(); }
    /// What was given, checked. Errors: InvalidArgument.
    livepusher::Result<EffectsArguments> arguments() const;

private:
    livepusher::Error unexpected() const;

    CLI::App* command_;
    EffectsArguments raw_;
    std::string config_;
    std::unique_ptr<PropertyFlags> flags_;
};

}  // namespace program
