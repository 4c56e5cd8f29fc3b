// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace program {

/// What was asked for makes no sense; `message` says what, and what does.
inline livepusher::Error invalid(std::string message) { return {livepusher::Code::InvalidArgument, std::move(message)}; }

/// Why a file could not be opened or read, by errno: in the library's words where it has some.
inline std::string readProblem() {
    const int error = errno;
    return error == ENOENT ? "there is no such file" : std::strerror(error);  // NOLINT(concurrency-mt-unsafe)
}

}  // namespace program
