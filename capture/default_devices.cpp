// SPDX-License-Identifier: MIT
#include "capture/default_devices.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

namespace livepusher::capture {
namespace {

namespace fs = std::filesystem;

bool anyEntry(const char* folder, const char* prefix, const char* suffix) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const auto name = entry->path().filename().string();
        std::error_code ignored;
        if (name.starts_with(prefix) && name.ends_with(suffix) && entry->is_character_file(ignored)) return true;
    }
    return false;
}

bool isSocket(const std::string& path) {
    std::error_code ignored;
    return fs::is_socket(path, ignored);
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): the library never sets one
    return value ? value : "";
}

}  // namespace

bool anyCamera() { return anyEntry("/dev", "video", ""); }

bool anyMicrophone() {
    if (!environment("PULSE_SERVER").empty()) return true;
    for (const char* variable : {"PULSE_RUNTIME_PATH", "XDG_RUNTIME_DIR"}) {
        const auto folder = environment(variable);
        if (!folder.empty() && (isSocket(folder + "/native") || isSocket(folder + "/pulse/native"))) return true;
    }
    return isSocket("/var/run/pulse/native") || anyEntry("/dev/snd", "pcmC", "c");
}

}  // namespace livepusher::capture
