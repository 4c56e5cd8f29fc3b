// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/log.hpp>

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace program {

/// What `push` and `play` are both asked to do; checked.
struct RunArguments {
    std::optional<double> duration;  ///< s, from the beginning of the stream on
    std::string recordPath;
    std::string controlPath;
    bool json = false;
    bool quiet = false;
    bool printConfig = false;
    livepusher::LogLevel logLevel = livepusher::LogLevel::Warning;
};

/// Taken out of the environment, so that nobody else reads it there.
struct Environment {
    std::string url, streamKey;
};

/// The URL and the options that `push` and `play` have in common.
class RunOptions {
public:
    /// What the options mean to one of the two.
    struct Texts {
        const char* duration;
        const char* record;
        const char* printConfig;
    };
    RunOptions(CLI::App& command, const Texts& texts);

    /// Errors: InvalidArgument.
    livepusher::Result<RunArguments> arguments() const;

    /// One URL from wherever it was given: argument, file or environment; empty: the config may have it. `fromFlag`: the
    /// property's. Errors: InvalidArgument.
    livepusher::Result<std::string> url(const std::string& fromFlag, const std::string& fromEnvironment) const;
    const std::string& positional() const { return url_; }
    const std::string& urlFile() const { return urlFile_; }
    const std::string& config() const { return config_; }

    /// What no option of the command took, told with what was probably meant. `takes`: its one argument. Errors:
    /// InvalidArgument.
    livepusher::Result<void> refuseExtras(const std::string& takes) const;

private:
    CLI::App& command_;
    RunArguments raw_;
    std::string url_, urlFile_, config_, duration_, logLevel_;
};

}  // namespace program
