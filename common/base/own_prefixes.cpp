// SPDX-License-Identifier: MIT
#include "base/own_prefixes.hpp"

#include <dlfcn.h>

#include <system_error>

namespace livepusher::base {

namespace {

std::filesystem::path ownDirectory() {
    Dl_info info{};
    if (dladdr(reinterpret_cast<const void*>(&ownDirectory), &info) == 0 || info.dli_fname == nullptr) return {};
    std::error_code failed;
    auto path = std::filesystem::canonical(info.dli_fname, failed);
    // A program is told as it was called, which need not lead to it.
    if (failed) path = std::filesystem::canonical("/proc/self/exe", failed);
    return failed ? std::filesystem::path() : path.parent_path();
}

}  // namespace

std::vector<std::filesystem::path> ownPrefixes() {
    std::vector<std::filesystem::path> prefixes;
    auto at = ownDirectory();
    // From bin it is one step up, from lib/x86_64-linux-gnu two.
    for (int steps = 0; steps < 2 && at.has_relative_path(); ++steps) prefixes.push_back(at = at.parent_path());
    return prefixes;
}

}  // namespace livepusher::base
