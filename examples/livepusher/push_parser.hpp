// SPDX-License-Identifier: MIT
#pragma once

#include "config_file.hpp"
#include "property_flags.hpp"
#include "push_arguments.hpp"
#include "run_options.hpp"
#include "source_choice.hpp"

#include <livepusher/error.hpp>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

namespace program {

/// The command `push` with its flags.
class PushParser {
public:
    explicit PushParser(CLI::App& app);
    bool parsed() const { return command_->parsed(); }
    /// The URL of the command line, wherever in it; empty: none.
    std::string url() const;
    /// What was given, checked. Errors: InvalidArgument.
    livepusher::Result<PushArguments> arguments(const Environment& environment) const;

private:
    /// What CLI11 fills in; strings that are still to be checked.
    struct Raw {
        PushArguments push;  ///< what needs no check
        std::string streamKeyFile;
        std::vector<std::string> sources;  ///< one after the other
        std::string playlist, videoSource, audioSource, frontCamera, backCamera, fallback, fallbackAudio;
        std::string bgmVolume, micVolume;
    };

    void addOptions();
    livepusher::Result<void> setProperties(PushArguments& push, const Config& config, livepusher::PropertyTexts flags,
                                           const Environment& environment) const;
    livepusher::Result<WantedSources> wantedSources(const Config& config) const;
    livepusher::Result<void> setSources(PushArguments& push, const Config& config) const;

    CLI::App* command_;
    Raw raw_;
    std::unique_ptr<RunOptions> run_;
    std::unique_ptr<PropertyFlags> flags_;
};

}  // namespace program
