// SPDX-License-Identifier: MIT
#pragma once

#include "effects_command.hpp"
#include "exit_code.hpp"
#include "play_arguments.hpp"
#include "push_arguments.hpp"

#include <optional>
#include <span>
#include <string>

namespace program {

/// What `livepusher devices` or `livepusher encoders` was asked to do.
struct ListArguments {
    bool json = false;
};

/// A command line, read: something to push or to play, effects to apply, devices or encoders to list, or something to say and an
/// exit code.
struct CommandLine {
    std::optional<PushArguments> push{};
    std::optional<PlayArguments> play{};
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
