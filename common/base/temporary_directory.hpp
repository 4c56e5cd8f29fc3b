// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>

namespace livepusher::base {

/// The whole path of the system's directory for temporary files: what TMPDIR, TMP, TEMP or TEMPDIR names, the first that
/// names anything, or else /tmp. Errors: FileFailed, where that is no directory, with the variable and its value.
Result<std::string> temporaryDirectory();

}  // namespace livepusher::base
