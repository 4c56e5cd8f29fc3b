// SPDX-License-Identifier: MIT
#include "encode/probe_program.hpp"

#include "base/own_prefixes.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace livepusher::encode {

namespace {

constexpr const char* kName = "livepusher-probe";

}  // namespace

ProbeProgram findProbeProgram() {
    if (const char* named = secure_getenv("LIVEPUSHER_PROBE"); named && *named) return {named, true};
    for (const auto& prefix : base::ownPrefixes()) {
        for (const auto* place : {"bin", "libexec/livepusher"}) {
            const auto path = prefix / place / kName;
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
