// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <cstring>
#include <string>

namespace program {

/// Why a file could not be opened or read, by errno: in the library's words where it has some.
inline std::string readProblem() {
    const int error = errno;
    return error == ENOENT ? "there is no such file" : std::strerror(error);  // NOLINT(concurrency-mt-unsafe)
}

}  // namespace program
