// SPDX-License-Identifier: MIT
#include "encode/probe_program.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace livepusher::encode {

namespace {

constexpr const char* kName = "livepusher-probe";

/// Where the code of this function is loaded from: the shared library, or the program that it is linked into.
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

ProbeProgram findProbeProgram() {
    if (const char* named = secure_getenv("LIVEPUSHER_PROBE"); named && *named) return {named, true};
    auto at = ownDirectory();
    // From bin it is one step up, from lib/x86_64-linux-gnu two.
    for (int steps = 0; steps < 2 && at.has_relative_path(); ++steps) {
        at = at.parent_path();
        for (const auto* place : {"bin", "libexec/livepusher"}) {
            const auto path = at / place / kName;
            if (access(path.c_str(), X_OK) == 0) return {path.string(), false};
        }
    }
    // The library may be linked into a program that lives elsewhere.
    for (const auto* prefix : {"/usr/local", "/usr"}) {
        const auto path = std::filesystem::path(prefix) / "libexec/livepusher" / kName;
        if (access(path.c_str(), X_OK) == 0) return {path.string(), false};
    }
    return {};
}

}  // namespace livepusher::encode
