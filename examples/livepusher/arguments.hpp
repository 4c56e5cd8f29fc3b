// SPDX-License-Identifier: MIT
#pragma once

#include "effects_command.hpp"
#include "exit_code.hpp"

#include <livepusher/livepusher.hpp>

#include <optional>
#include <span>
#include <string>

namespace program {

/// What `livepusher push` was asked to do; checked.
struct PushArguments {
    livepusher::Properties properties;
    livepusher::Sources sources;
    std::string sourceNote;          ///< which sources were chosen for the user; empty: none
    std::optional<double> duration;  ///< s of pushing
    bool keep = false;               ///< what ends by a fault that may pass is started again
    std::string bgm;                 ///< background music; empty: none
    bool bgmLoop = false;
    std::optional<double> bgmVolume, micVolume;  ///< 0..1
    std::string recordPath;
    std::vector<std::string> alsoRead;  ///< paths of what is neither a source nor a property
    std::string controlPath;
    bool preview = false;  ///< a window shows what is pushed
    bool json = false;
    bool quiet = false;
    bool printConfig = false;
    livepusher::LogLevel logLevel = livepusher::LogLevel::Warning;
};

/// What `livepusher devices` or `livepusher encoders` was asked to do.
struct ListArguments {
    bool json = false;
};

/// A command line, read: something to push, effects to apply, devices or encoders to list, or something to say and an exit code.
struct CommandLine {
    std::optional<PushArguments> push{};
    std::optional<EffectsArguments> effects{};
    std::optional<ListArguments> devices{};
    std::optional<ListArguments> encoders{};
    std::string text{};  ///< for stdout when exitCode is 0, else for stderr
    ExitCode exitCode = kDone;
};

/// Reads the command line, the files it names, LIVEPUSHER_URL and LIVEPUSHER_STREAM_KEY. Overwrites every stream key and password
/// in the memory of `arguments` and of the environment, so that other users don't see them. No text in the result holds one.
CommandLine parseCommandLine(std::span<char*> arguments);

}  // namespace program
