// SPDX-License-Identifier: MIT
#pragma once

#include "play_arguments.hpp"
#include "property_flags.hpp"
#include "run_options.hpp"

#include <livepusher/error.hpp>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

namespace program {

/// The command `play` with its flags.
class PlayParser {
public:
    explicit PlayParser(CLI::App& app);
    bool parsed() const { return command_->parsed(); }
    /// The URL of the command line, wherever in it; empty: none.
    std::string url() const;
    /// What was given, checked. Errors: InvalidArgument.
    livepusher::Result<PlayArguments> arguments(const Environment& environment) const;

private:
    livepusher::Result<void> setProperties(PlayArguments& play, const Environment& environment) const;

    CLI::App* command_;
    std::string sound_;
    bool noWindow_ = false;
    std::unique_ptr<RunOptions> run_;
    std::unique_ptr<PropertyFlags> flags_;
};

}  // namespace program
