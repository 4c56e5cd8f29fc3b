// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

namespace livepusher::encode {

/// What came of a program that was run for its answer.
struct ChildAnswer {
    std::string output;  ///< what it wrote to stdout, at most 4 KiB
    std::string
        problem;  ///< for people: it could not be started, it crashed, took too long, wrote too much; empty: none of these
    double milliseconds = 0;  ///< until it ended
};

/// Runs programs beside each other, each in a process group of its own, without input, with stdout alone. Those that have
/// not ended when the time is over are killed with what they started; all, when `cancelled`. One answer for each command.
std::vector<ChildAnswer> runChildren(const std::vector<std::vector<std::string>>& commands, std::chrono::milliseconds time,
                                     const std::atomic<bool>& cancelled);

}  // namespace livepusher::encode
