// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/context_options.hpp>

#include <functional>
#include <string>
#include <vector>

namespace livepusher::pipeline {

/// Gives the paths of what a push reads; asks disks, and owns all it needs.
using InputPaths = std::function<std::vector<std::string>()>;

/// The files that a push writes, none of which may be one that it reads.
struct Outputs {
    std::vector<std::string> targets;  ///< paths, of those that are files
    std::string recording;             ///< path; empty: none
    InputPaths inputs;

    /// Of properties that are valid.
    static Outputs of(const Properties& properties, const std::string& recordPath, InputPaths inputs);

    /// Errors: InvalidArgument, with both names. A disk that doesn't answer within half a second is not waited for: who
    /// writes the file asks it again. [control]
    Result<void> check() const;
};

/// What a push reads beside its sources: the files of its properties, the music (a path or URL), and what the application
/// names.
std::vector<std::string> otherInputs(const Properties& properties, const std::string& music,
                                     const std::vector<std::string>& alsoRead);

}  // namespace livepusher::pipeline
