// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <vector>

namespace livepusher::base {

/// The directories below which the library may have been installed, by where its code was loaded from: the shared library, or
/// the program that it is linked into. The nearest first. [any-thread]
std::vector<std::filesystem::path> ownPrefixes();

}  // namespace livepusher::base
