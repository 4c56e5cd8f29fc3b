// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>
#include <utility>
#include <vector>

namespace program {

/// "a/b.mp4" and 2: "a/b-2.mp4", the name that is taken where the one asked for has something already.
std::string numberedName(const std::string& path, int number);

/// What is read, and what it is called in messages: {"--bgm", path}.
using Inputs = std::vector<std::pair<std::string, std::string>>;

/// Errors: InvalidArgument, when `output` is the same file as one that is read, whatever they are called.
livepusher::Result<void> refuseInputs(const std::string& output, const Inputs& inputs);

}  // namespace program
